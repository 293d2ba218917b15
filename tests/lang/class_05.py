# __new__ and __init__

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


class A:
    def __new__(cls, *a, **k):
        print("new", cls.__name__, a, k)
        return super().__new__(cls)
    def __init__(self, *a, **k): print("init", a, k)
A(1, k=2)
class Other:
    def __new__(cls): return 5
    def __init__(self): print("never")
print(Other())
class I(int):
    def __new__(cls, v): return super().__new__(cls, v * 2)
print(I(4), type(I(4)), I(4) + 1, type(I(4) + 1))
class N: pass
err(lambda: N(1))
err(lambda: object(1))
class P:
    def __init__(self): return 5
err(lambda: P())
class Q:
    def __new__(cls): return object.__new__(cls, 1)
err(lambda: Q())
err(lambda: object.__new__(int))
err(lambda: object.__new__())
err(lambda: object.__new__(5))
