# defaultdict, OrderedDict, Counter, ChainMap, namedtuple
from collections import ChainMap, Counter, OrderedDict, defaultdict, namedtuple

d = defaultdict(list); d["a"].append(1); d["b"]; print(d, d.get("z"), dict(d), d.default_factory)
try: defaultdict()["x"]
except KeyError as e: print(repr(e))
o = OrderedDict(a=1, b=2, c=3); o.move_to_end("a"); o.move_to_end("c", last=False); print(o, o.popitem(), o.popitem(last=False), o == {"b": 2}, list(reversed(o)))
print(OrderedDict([(1, 2), (3, 4)]) == OrderedDict([(3, 4), (1, 2)]))
c = Counter("abracadabra"); print(c.most_common(2), c["z"], c + Counter("aab"), c - Counter("aaaaaaa"), c & Counter("ab"), c | Counter("zz"), sorted(c.elements()), c.total())
c.subtract("ab"); c.update({"q": 5}); print(c)
m = ChainMap({"a": 1}, {"a": 2, "b": 3}); m["n"] = 5; print(m["a"], m["b"], sorted(m), m.maps, m.new_child({"a": 0})["a"])
P = namedtuple("P", "x y", defaults=[5]); p = P(1); print(p, p.x, p._asdict(), p._replace(x=9), P._fields, P._field_defaults, p == (1, 5), P._make([3, 4]), p[0], len(p))
for bad in (lambda: P(), lambda: namedtuple("1x", "a"), lambda: namedtuple("N", "a a"), lambda: namedtuple("N", "class"), lambda: P(1)._replace(q=1)):
    try: bad()
    except (TypeError, ValueError) as e: print(type(e).__name__, e)
print(namedtuple("R", ["a", "class"], rename=True)(1, 2))
