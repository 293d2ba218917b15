# __class_getitem__, __module__, __qualname__, __doc__

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


class A:
    "the doc"
    def __class_getitem__(cls, k): return cls.__name__, k
    class B:
        def m(self): pass
        class C: pass
print(A[1], A[1, 2], A.__doc__, A.B.C.__qualname__, A.B.m.__qualname__, A.__module__, A.B.__doc__)
def f():
    class L:
        def g(self): pass
    return L
print(f().__qualname__, f().g.__qualname__, repr(f()))
A.__name__ = "Renamed"
A.__qualname__ = "R.R"
print(A, A.__name__)
class S:
    __slots__ = ()
err(lambda: S[0])
err(lambda: int[0])
err(lambda: A()[0])
