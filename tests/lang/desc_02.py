# descriptors in metaclasses and on functions
class Meta(type):
    @property
    def p(cls): return "meta property of " + cls.__name__
    def meth(cls): return cls.__name__
    x = 5
class A(metaclass=Meta):
    x = 1
    y = 2
print(A.p, A.meth(), A.x)
try: A().p
except AttributeError as e: print(e)
try: A.p = 1
except AttributeError as e: print(e)
f = lambda self: self
print(f.__get__(5)(), f.__get__(None, int) is f, len.__get__ if hasattr(len, "__get__") else "builtin functions do not bind")
print("abc".upper.__self__, str.upper.__get__("x")(), str.upper.__objclass__, str.__dict__["upper"].__name__)
