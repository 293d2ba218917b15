# errors of __slots__ definitions
def make(body, bases=()): return lambda: type("T", bases, body)
class S: __slots__ = ("a",)
class R: __slots__ = ("b",)
for body, bases in [({"__slots__": "1x"}, ()), ({"__slots__": [5]}, ()), ({"__slots__": "a", "a": 1}, ()),
                    ({"__slots__": ("__dict__", "__dict__")}, ()), ({"__slots__": ("a",)}, (int,)),
                    ({"__slots__": ()}, (int,)), ({"__slots__": ()}, (S, R))]:
    try: print(make(body, bases)())
    except (TypeError, ValueError) as e: print(e)
class P:
    __slots__ = ("__priv", "n")
    def __init__(self): self.__priv = 1
print(P.__slots__, P()._P__priv)
print(S.a.__get__(None, S) is S.a, type(S.a).__name__, S.a.__name__, S.a.__objclass__)
try: S.a.__get__(5)
except TypeError as e: print(e)
