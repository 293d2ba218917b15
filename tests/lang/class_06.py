# __init_subclass__ and __set_name__ run when a class is made
class Base:
    subs = []
    def __init_subclass__(cls, /, tag=None, **k):
        super().__init_subclass__(**k)
        cls.subs.append((cls.__name__, tag))
class D:
    def __set_name__(self, owner, name): print("set_name", owner.__name__, name)
class X(Base, tag="t"):
    d = D()
class Y(X): pass
print(Base.subs)
try:
    class Z(Base, other=1): pass
except TypeError as e: print(e)
class Bad:
    def __set_name__(self, o, n): raise ValueError("no")
try:
    class W: b = Bad()
except RuntimeError as e: print(e, repr(e.__cause__))
