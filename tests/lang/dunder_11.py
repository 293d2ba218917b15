# __call__, callable and chained calls

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


class A:
    def __call__(self, *a, **k): return self if not a else (a, k)
a = A()
print(a()()(1, x=2), callable(a), callable(5), callable(A), callable(lambda: 0), callable(len))
b = A()
b.__call__ = lambda: "instance attribute is not used"
print(b(1))
class B:
    __call__ = A()
print(B()(3))
class C:
    __call__ = staticmethod(lambda *a: a)
print(C()(1))
class N: __call__ = None
err(lambda: N()())
