# identities that hold: singletons, small ints, interned names, empty tuples
a, b = 5, int("5")
print(a is b, None is None, () is tuple([]), "" is str(), "abc" is "a" "bc", True is (1 == 1), NotImplemented is NotImplemented, ... is Ellipsis)
import sys
x = sys.intern("".join(["in", "terned"]))
print(x is sys.intern("interned"), type(5) is int, (lambda: 0).__code__.co_consts is not None)
class A: pass
print(A.__dict__ is not A.__dict__ or True, getattr(A, "__name__") is getattr(A, "__name__"), str(x) is x, int(10 ** 30) == 10 ** 30, tuple((1, 2)) == (1, 2), frozenset() is frozenset())
l = [1, 2]
print(l[:] is not l, list(l) is not l, bytes(b"x") == b"x", id(l) == id(l), id(l) != id([1, 2]))
try: sys.intern(5)
except TypeError as e: print(e)
