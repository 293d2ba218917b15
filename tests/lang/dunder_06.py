# conversion methods must give the right type

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


class A:
    def __int__(self): return "x"
    def __float__(self): return 1
    def __index__(self): return 1.5
    def __bool__(self): return 1
    def __str__(self): return 5
    def __repr__(self): return None
    def __len__(self): return -1
    def __hash__(self): return "h"
    def __iter__(self): return 5
    def __complex__(self): return 1
    def __bytes__(self): return "s"
    def __format__(self, s): return 5
    def __dir__(self): return 5
    def __length_hint__(self): return "x"
a = A()
err(lambda: int(a))
err(lambda: float(a))
err(lambda: [1][a])
err(lambda: bool(a))
err(lambda: str(a))
err(lambda: repr(a))
err(lambda: len(a))
err(lambda: hash(a))
err(lambda: iter(a))
err(lambda: complex(a))
err(lambda: bytes(a))
err(lambda: format(a))
err(lambda: f"{a}")
err(lambda: dir(a))
err(lambda: range(a))
class L:
    def __len__(self): return "x"
class H:
    def __len__(self): return 1 << 100
err(lambda: len(L()))
err(lambda: bool(L()))
err(lambda: len(H()))
err(lambda: len(5))
