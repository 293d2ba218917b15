# deque, defaultdict, Counter, namedtuple.
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple


def show(name, make):
    try:
        print(name, make())
    except Exception as e:
        print(name, type(e).__name__, e)


d = deque([1, 2, 3])
d.append(4)
d.appendleft(0)
print(d, len(d), d[0], d[-1], list(reversed(d)))
d.extend([5, 6])
d.extendleft([-1, -2])
print(d)
d.rotate(3)
print(d)
d.rotate(-4)
print(d)
d.reverse()
print(d, d.pop(), d.popleft(), d.count(3), d.index(3), 3 in d, 99 in d)
d.insert(2, "x")
d.insert(-1, "y")
d.insert(100, "z")
print(d)
d.remove("x")
del d[0]
d[1] = "one"
print(d)
show("remove", lambda: d.remove("none"))
show("index", lambda: d.index("none"))
show("range", lambda: d[100])
show("key", lambda: d["a"])
show("pop", lambda: deque().pop())
show("popleft", lambda: deque().popleft())
show("maxlen", lambda: deque([], -1))
show("maxlen type", lambda: deque([], "a"))
print(deque.__hash__)
show("add", lambda: deque([1]) + deque([2]))
show("add bad", lambda: deque([1]) + [2])
show("mul", lambda: (deque([1, 2]) * 2, 3 * deque("a", 2), deque([1]) * 0, deque([1]) * -1))
show("compare", lambda: (deque([1, 2]) == deque([1, 2]), deque([1]) < deque([2]), deque([1]) != [1], deque([1, 2]) > deque([1])))
b = deque(range(5), maxlen=3)
b.append(9)
b.appendleft(8)
print(b, b.maxlen, deque().maxlen)
show("full", lambda: b.insert(0, 1))
b += [1, 2]
b *= 2
print(b, b.copy(), type(b.copy()).__name__)
big = deque()
for i in range(1000):
    big.append(i)
    if i % 3 == 0:
        big.popleft()
print(len(big), big[0], big[-1], sum(big))


def mutate():
    q = deque([1, 2, 3])
    for v in q:
        q.append(v)


show("mutated", mutate)
r = deque([1])
r.append(r)
print(r)


class Sub(deque):
    pass


s = Sub([1, 2], 5)
s.name = "n"
print(s, s.copy(), type(s.copy()).__name__, s.__reduce__()[:3])
match deque([1, 2, 3]):
    case [first, *rest]:
        print(first, rest)

dd = defaultdict(list)
dd["a"].append(1)
dd["b"] += [2]
print(dd, dd.default_factory, dd.get("none"), dd.copy(), "none" in dd)
show("no factory", lambda: defaultdict()["k"])
show("bad factory", lambda: defaultdict(1))
show("or", lambda: (defaultdict(int, a=1) | {"b": 2}, {"b": 2} | defaultdict(int, a=1)))
dd.default_factory = None
show("factory gone", lambda: dd["zz"])
show("kw", lambda: defaultdict(None, [("x", 1)], y=2))

c = Counter("abracadabra")
print(c, c.most_common(2), c["none"], sum(c.values()), c + Counter("az"), c - Counter("ab"))
c.update({"a": 1})
print(c["a"], sorted(c.elements())[:3])

P = namedtuple("P", "x y", defaults=[5])
p = P(1)
print(p, p.x, p.y, p._replace(x=9), p._asdict(), P.x, P.x.__doc__, P._fields)
show("set", lambda: setattr(p, "x", 1))
show("missing", lambda: P())
show("descriptor", lambda: P.x.__get__(3))
o = OrderedDict(a=1, b=2)
o.move_to_end("a")
print(o, o.popitem(last=False), list(o))
