# functools and operator.
import copy
import functools
import operator
import pickle
from functools import *


def show(name, make):
    try:
        print(name, make())
    except Exception as e:
        print(name, type(e).__name__, e)


def f(*args, **kwargs):
    return args, kwargs


p = partial(int, base=2)
print(p, p("101"), p.func, p.args, p.keywords)
q = partial(partial(f, 1, x=2), 3, y=4)
print(q(4, y=5, z=6), q.args, q.keywords)
show("partial none", lambda: partial())
show("partial bad", lambda: partial(3))
r = partial(f, 1)
r.attribute = "a"
s = copy.copy(r)
print(s.attribute, s(2), pickle.loads(pickle.dumps(partial(int, base=8)))("17"))
r.__setstate__((len, ([],), {}, {"k": 1}))
print(r(), r.k)
show("setstate", lambda: r.__setstate__(1))


class M:
    @partialmethod
    def pm(self, x):
        return x

    two = partialmethod(lambda self, a, b: (a, b), 1)

    @cached_property
    def cp(self):
        print("computed")
        return 7

    @singledispatchmethod
    def sd(self, v):
        return "other"

    @sd.register
    def _(self, v: int):
        return "int"

    @lru_cache(maxsize=2)
    def cached(self, n):
        return n * 2


m = M()
print(m.two(2), m.cp, m.cp, m.sd(1), m.sd("x"), m.cached(3), m.cached(3), M.cached.cache_info())
print(reduce(operator.add, [1, 2, 3]), reduce(operator.mul, [], 5))
show("reduce none", lambda: reduce(operator.add, []))
show("reduce bad", lambda: reduce(operator.add, 3))
print(sorted([3, 1, 2], key=cmp_to_key(lambda a, b: b - a)))
K = cmp_to_key(lambda a, b: a - b)
print(K(1) < K(2), K(1) == K(1), K(3).obj)
show("K", lambda: K(1) < 2)


@lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(100), fib.cache_info(), fib.__name__, fib.__wrapped__.__name__, fib.cache_parameters())
fib.cache_clear()
print(fib.cache_info())


@lru_cache(2, typed=True)
def typed(x, k=0):
    return (type(x).__name__, k)


print(typed(1), typed(1.0), typed(1), typed(True), typed(1, k=2), typed(1.0), typed.cache_info())
show("unhashable", lambda: typed([]))


@lru_cache(maxsize=0)
def none(x):
    return x


print(none(1), none(1), none.cache_info())


@lru_cache
def plain(*a, **k):
    return a, k


print(plain(1, 2), plain(a=1, b=2), plain(b=2, a=1), plain(1, 2), plain.cache_info())


@total_ordering
class O:
    def __init__(self, v):
        self.v = v

    def __eq__(self, o):
        return self.v == o.v

    def __lt__(self, o):
        return self.v < o.v


print(O(1) <= O(1), O(2) > O(1), O(1) >= O(2))


@wraps(f)
def g():
    pass


print(g.__name__, g.__wrapped__ is f)


@singledispatch
def sd(v):
    return "object"


@sd.register(list)
def _(v):
    return "list"


print(sd([]), sd(1), sd.dispatch(list).__name__)

print(operator.itemgetter(1)("abc"), operator.itemgetter(1, -1)("abc"), operator.itemgetter(slice(1, 3))("abcd"))
print(operator.attrgetter("real")(3), operator.attrgetter("__class__.__name__", "imag")(3))
print(operator.methodcaller("split", ",", maxsplit=1)("a,b,c"), operator.methodcaller("upper")("a"))
print(operator.itemgetter(1, "a"), operator.attrgetter("a.b", "c"), operator.methodcaller("m", 1, k="v"))
for getter in (operator.itemgetter(1), operator.attrgetter("real", "imag"), operator.methodcaller("m", 1)):
    print(pickle.loads(pickle.dumps(getter)), copy.copy(getter))
show("itemgetter none", lambda: operator.itemgetter()(1))
show("attrgetter type", lambda: operator.attrgetter(1))
show("attrgetter missing", lambda: operator.attrgetter("a.b")(1))
show("methodcaller none", lambda: operator.methodcaller())
show("itemgetter two", lambda: operator.itemgetter(1)(1, 2))
for name in ("add sub mul truediv floordiv mod pow lshift rshift and_ or_ xor eq ne lt le gt ge is_ is_not iadd isub imul ipow").split():
    print(name, getattr(operator, name)(7, 2))
for name in "neg pos inv invert abs truth not_ index".split():
    print(name, getattr(operator, name)(-7))
l = [1, 2, 3, 2]
print(operator.contains(l, 2), operator.countOf(l, 2), operator.indexOf(l, 3), operator.getitem(l, 1), operator.concat(l, [9]))
operator.setitem(l, 0, 9)
operator.delitem(l, 1)
print(l, operator.length_hint(iter(l)), operator.length_hint(object(), 5), operator.call(f, 1, k=2))
show("indexOf", lambda: operator.indexOf(l, 77))
show("concat", lambda: operator.concat(1, 2))
show("length_hint", lambda: operator.length_hint(1, "a"))
print(__import__("_operator")._compare_digest("a", "a"), __import__("_operator")._compare_digest(b"a", b"b"), operator.__add__(1, 2))
