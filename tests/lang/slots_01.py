# __slots__ replaces the instance dictionary

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


class A:
    __slots__ = ("x", "y")
    def __init__(self): self.x = 1
a = A()
print(a.x, hasattr(a, "y"), hasattr(a, "__dict__"), A.__slots__, A.x)
def f(): a.z = 1
err(f)
err(lambda: a.y)
del a.x
err(lambda: a.x)
def g(): del a.x
err(g)
class B(A): pass
b = B(); b.z = 5; b.x = 2
print(b.__dict__, b.x)
class C(A): __slots__ = "w"
c = C(); c.w = 1; c.y = 2
print(c.w, c.y)
class D: __slots__ = ["__dict__", "q"]
d = D(); d.any = 1; d.q = 2
print(d.__dict__)
