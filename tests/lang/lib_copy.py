# copy and pickle: __reduce_ex__ of every kind of class.
import copy
import pickle
from collections import ChainMap, Counter, OrderedDict, defaultdict, deque, namedtuple


class Plain:
    def __init__(self):
        self.x = [1, 2]
        self.y = {"a": (1,)}


class L(list):
    pass


class D(dict):
    pass


class S:
    __slots__ = ("a", "b")


class N:
    def __new__(cls, a, *, k):
        o = object.__new__(cls)
        o.a, o.k = a, k
        return o

    def __getnewargs_ex__(self):
        return (self.a,), {"k": self.k}


class G:
    def __init__(self):
        self.v = 1

    def __getstate__(self):
        return {"v": self.v + 1}

    def __setstate__(self, state):
        self.v = state["v"] * 10


class T(tuple):
    pass


class I(int):
    pass


class E(Exception):
    pass


P = namedtuple("P", "x y")

a = Plain()
b, c = copy.copy(a), copy.deepcopy(a)
print(b.x is a.x, c.x is a.x, c.__dict__)
l = L([1, [2]])
l.n = 3
m = copy.deepcopy(l)
print(m, m.n, type(m).__name__, m[1] is l[1])
d = D(a=1)
d.q = [1]
e = copy.copy(d)
print(e, e.q is d.q, type(e).__name__)
s = S()
s.a = 1
t = copy.copy(s)
print(t.a, hasattr(t, "b"), s.__reduce_ex__(2)[1:])
n = copy.copy(N(1, k=2))
print(n.a, n.k)
print(copy.copy(G()).v)
x = T([1, 2])
x.q = [1]
y = copy.deepcopy(x)
print(y, y.q, y.q is x.q, type(y).__name__)
i = I(7)
i.w = "w"
print(copy.copy(i), copy.copy(i).w)
err = E(1, 2)
err.z = 1
print(repr(copy.copy(err)), copy.copy(err).z)
print(copy.deepcopy(deque([1, [2]], 3)), copy.copy(defaultdict(list, a=[1])), copy.copy(P(1, 2)))
loop = [1]
loop.append(loop)
again = copy.deepcopy(loop)
print(again[1] is again)
for bad in ((v for v in []), type(sys := __import__("sys"))("m")):
    try:
        copy.copy(bad)
    except TypeError as problem:
        print(problem)
for protocol in range(2, 6):
    for value in (a, l, d, s, n, x, i, err, P(3, 4), Counter("aab"), OrderedDict(z=1), deque([1], 2), {1, 2}, frozenset("a"),
                  range(3), slice(1, 2), 10**40, 1.5, 2j, "\u20ac\U0001f600", b"\0\xff", bytearray(b"x"), None, True, ..., len, Plain):
        back = pickle.loads(pickle.dumps(value, protocol))
        print(protocol, type(back).__name__, getattr(back, "__dict__", None) if not isinstance(back, (type, OrderedDict)) else "")
