# __instancecheck__ and __subclasscheck__

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


class M(type):
    def __instancecheck__(cls, o): return o == 5
    def __subclasscheck__(cls, c): return c is int
class A(metaclass=M): pass
print(isinstance(5, A), isinstance(6, A), issubclass(int, A), issubclass(str, A), isinstance(A(), A))
err(lambda: isinstance(1, 5))
err(lambda: isinstance(1, (str, 5)))
err(lambda: issubclass(1, int))
err(lambda: issubclass(int, 1))
err(lambda: isinstance(1, int | str))
err(lambda: issubclass(bool, int | None))
err(lambda: isinstance(None, int | None))
err(lambda: isinstance([], list[int]))
class Fake:
    @property
    def __class__(self): return int
print(isinstance(Fake(), int), type(Fake()).__name__)
