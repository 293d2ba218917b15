# properties with getter, setter and deleter

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


class A:
    def __init__(self): self._v = 0
    @property
    def v(self):
        "doc of v"
        return self._v
    @v.setter
    def v(self, x): self._v = x * 2
    @v.deleter
    def v(self): print("deleted"); self._v = None
    ro = property(lambda self: 5)
    wo = property(None, lambda self, x: print("wo", x))
    none = property()
a = A()
a.v = 5
print(a.v, A.v.__doc__, A.v.fget.__name__, type(A.v))
del a.v
print(a.v)
a.wo = 1
def s(n): setattr(a, n, 1)
def d(n): delattr(a, n)
err(s, "ro"); err(d, "ro"); err(d, "wo"); err(s, "none")
err(lambda: a.wo)
err(lambda: a.none)
class B(A):
    @A.v.getter
    def v(self): return "B"
b = B(); b.v = 4
print(b.v, b._v)
