# types of callables and their repr
class A:
    def m(self): pass
    @classmethod
    def c(cls): pass
    @staticmethod
    def s(): pass
a = A()
for o in (A.m, a.m, A.c, A.s, len, [].append, str.upper, "x".upper, str.__add__, "x".__add__, int, A, (lambda: 0), dict.fromkeys, object().__str__, type.mro):
    print(type(o).__name__, getattr(o, "__name__", None), getattr(o, "__qualname__", None), repr(o).split(" at ")[0])
print(a.m == a.m, a.m is a.m, hash(a.m) == hash(a.m), A.m is A.m, a.m != A().m, [].append == [].append)
try: a.m.x = 1
except AttributeError as e: print(e)
try: len.x = 1
except AttributeError as e: print(e)
