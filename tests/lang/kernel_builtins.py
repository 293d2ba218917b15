# Builtins that run Python code step by step: results, errors, order of evaluation, what they leave.
import functools
import sys
import traceback


def gen(*items):
    for x in items:
        print("->", x)
        yield x


def show(what, f):
    try:
        print(what, repr(f()))
    except BaseException as e:
        print(what, type(e).__name__, e, [t.name for t in traceback.extract_tb(e.__traceback__)][1:],
              repr(e.__context__))


print("sum")
show("plain", lambda: sum(gen(1, 2, 3)))
show("start", lambda: sum(gen([1], [2]), []))
show("keyword", lambda: sum(gen(1, 2), start=10))
show("str", lambda: sum(gen("a", "b")))
show("str start", lambda: sum(gen("a", "b"), ""))
show("bytes start", lambda: sum(gen(b"a"), b""))
show("bytearray start", lambda: sum(gen(b"a"), bytearray()))
show("float", lambda: sum(x / 10 for x in range(10)))
show("big", lambda: sum(1 << 62 for _ in range(5)))
show("too many", lambda: sum(gen(1), 2, 3))
show("raises", lambda: sum(1 // x for x in (2, 1, 0)))
start = [0]
show("not in place", lambda: sum(gen([1]), start))
print(start)

print("any, all")
show("any", lambda: any(gen(0, 1, 2)))
show("none", lambda: any(gen(0, "")))
show("all", lambda: all(gen(1, 0, 2)))
show("all of", lambda: all(gen(1, 2)))
g = gen(0, 5, 6)
print(any(g), next(g), next(g, "end"))


class Odd:
    def __bool__(self):
        raise KeyError("truth")


show("truth", lambda: any(x for x in [Odd()]))

print("min, max")
show("min", lambda: min(gen(3, 1, 2)))
show("max", lambda: max(gen(3, 1, 3.0)))
show("min default", lambda: min(gen(), default="d"))
show("min empty", lambda: min(gen()))
show("max empty", lambda: max(gen()))
show("max empty key", lambda: max(gen(), key=lambda x: x))
show("min key", lambda: min(gen(3, -4, 2), key=lambda x: -abs(x)))
show("max key list", lambda: max([3, -4, 4, 2], key=lambda x: abs(x)))
show("min key list empty", lambda: min([], key=lambda x: abs(x)))
show("min key default", lambda: min([], key=lambda x: abs(x), default=7))
show("min mixed", lambda: min(gen(1, "a")))
show("two", lambda: min(gen(1), gen(2), default=3))
show("key fails", lambda: max([1, 0], key=lambda x: 1 // x))
show("none key", lambda: max(gen(1, 5), key=None))

print("sorted")
show("generator", lambda: sorted(gen(3, 1, 2)))
show("reverse", lambda: sorted(gen(3, 1, 2), reverse=True))
show("key", lambda: sorted(gen("bb", "a", "cc", "d"), key=lambda s: len(s)))
show("key reverse", lambda: sorted(["bb", "a", "cc", "d"], key=lambda s: len(s), reverse=True))
show("key error", lambda: sorted([1, 2, "x"], key=lambda x: x + 1))
show("incomparable", lambda: sorted([1, 2, 3], key=lambda x: x if x < 3 else "x"))
show("reverse int", lambda: sorted([1, 2], key=lambda x: x, reverse=1))
order = []
sorted([2, 1], key=lambda x: order.append(x) or x)
sorted(gen(2, 1), key=lambda x: print("key", x) or x)
print(order)

print("sort")
a = [3, 1, 2]
show("sort", lambda: a.sort(key=lambda x: (print("seen", a), -x)[1]))
print(a)
show("changed", lambda: a.sort(key=lambda x: a.append(x) or x))
print(a)
show("fails", lambda: a.sort(key=lambda x: 1 // (x - 2)))
print(a)
show("uncomparable", lambda: a.sort(key=lambda x: x if x > 1 else "s"))
print(sorted(a))
show("fails and changed", lambda: a.sort(key=lambda x: (a.append(1), 1 // 0)))
print(sorted(a))
b = []
show("empty", lambda: b.sort(key=lambda x: x))
big = list(range(500))
show("big", lambda: big.sort(key=lambda x: (x * 7919) % 1009))
print(big[:8], sum(big), len(big))

print("containers")
show("list", lambda: list(gen(1, 2)))
show("tuple", lambda: tuple(gen(1, 2)))
show("set", lambda: sorted(set(gen(1, 2, 1))))
show("frozenset", lambda: sorted(frozenset(gen(1, 2, 1))))
show("unhashable", lambda: set(x for x in [[]]))
show("frozen unhashable", lambda: frozenset(x for x in [[]]))
show("dict", lambda: dict((x, x * 2) for x in "ab"))
show("dict of pairs", lambda: dict(gen("ab", [1, 2])))
show("dict short", lambda: dict(gen("ab", "c")))
show("dict number", lambda: dict(gen("ab", 5)))
show("dict unhashable", lambda: dict(gen(([], 1))))
show("dict keyword", lambda: dict(gen("ab"), c=1))
show("join", lambda: "-".join(gen("a", "b")))
show("join int", lambda: "-".join(gen("a", 1)))
show("join empty", lambda: "-".join(gen()))
c = [0]
show("extend", lambda: c.extend(gen(1, 2)))
show("extend fails", lambda: c.extend(1 // x for x in (1, 0)))
print(c)


class MyList(list):
    pass


show("subclass", lambda: (type(MyList(gen(1))), MyList(gen(1, 2))))

print("next")
g = gen(1, 2)
show("next", lambda: next(g, "d"))
show("next", lambda: next(g, "d"))
show("next", lambda: next(g, "d"))
show("next", lambda: next(g, "d"))


def stops():
    raise StopIteration(5)
    yield


show("stop", lambda: next(stops(), "d"))
show("running", lambda: next(h, "d") if (h := (next(h, 3) for _ in [1])) else None)

print("reduce")
show("reduce", lambda: functools.reduce(lambda a, b: a * b, gen(2, 3)))
show("initial", lambda: functools.reduce(lambda a, b: a * b, [2, 3], 10))
show("one", lambda: functools.reduce(lambda a, b: 1 // 0, [2]))
show("none", lambda: functools.reduce(lambda a, b: a, []))
show("none given", lambda: functools.reduce(lambda a, b: a, gen(), None))
show("fails", lambda: functools.reduce(lambda a, b: a // b, gen(1, 0)))

print("map, filter")
show("map", lambda: list(map(lambda x: x + 1, gen(1, 2))))
show("map two", lambda: list(map(lambda x, y: (x, y), gen(1, 2), gen(3, 4, 5))))
show("map short", lambda: list(map(lambda x, y: (x, y), [1, 2], gen(3))))
show("filter", lambda: list(filter(lambda x: x % 2, gen(1, 2, 3))))
show("filter none", lambda: list(filter(None, gen(1, 0, 3))))
show("filter no match", lambda: list(filter(lambda x: False, range(5))))


def stop_at(x):
    if x == 3:
        raise StopIteration
    return x


out = []
for x in map(stop_at, range(6)):
    out.append(x)
print(out)
out = []
for x in filter(stop_at, range(6)):
    out.append(x)
print(out)
for x in map(lambda x: 10 // x, [5, 2]):
    print(x)
show("map fails", lambda: [x for x in map(lambda x: 10 // x, [5, 0])])
show("nested", lambda: sum(map(lambda x: x * 2, filter(lambda x: x > 1, gen(1, 2, 3)))))
show("generator function", lambda: [list(g) for g in map(lambda x: (y for y in range(x)), [1, 2])])

print("frames")


def names():
    f = sys._getframe(1)
    out = []
    while f is not None and f.f_code.co_name != "<module>":
        out.append(f.f_code.co_name)
        f = f.f_back
    return out


def caller():
    return sum((names() for _ in [1]), [])


print(caller())
print((lambda: sorted([1], key=lambda x: print(names())))())


def fails():
    frames = []
    try:
        sum(1 // 0 for _ in [1])
    except ZeroDivisionError as e:
        tb = e.__traceback__
        while tb is not None:
            f = tb.tb_frame
            frames.append(f.f_code.co_name)
            tb = tb.tb_next
    return frames


print(fails())


def deep(n):
    return 0 if n == 0 else sum(deep(n - 1) for _ in [1]) + 1


print(deep(300))
try:
    deep(100000)
except RecursionError as e:
    print(type(e).__name__)


class Iterates:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration("done")
        self.n -= 1
        return self.n


class Wrong:
    def __iter__(self):
        return 5


class Fails:
    def __iter__(self):
        raise KeyError("iter")


print([x for x in Iterates(3)], list(Iterates(2)), sum(Iterates(4)), sum(x for x in Iterates(5)))
show("wrong", lambda: [x for x in Wrong()])
show("fails", lambda: [x for x in Fails()])


def delegating():
    result = yield from Iterates(2)
    print("result", result)


print(list(delegating()))


class Squares:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        for i in range(self.n):
            yield i * i


print([x for x in Squares(4)], list(Squares(3)), max(Squares(5)))
for x in Squares(3):
    print(x, end=" ")
print()
