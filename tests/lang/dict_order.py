# dictionaries keep insertion order through deletions and updates

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


d = {c: i for i, c in enumerate("hello world")}
print(d)
del d["l"]; d["l"] = 99; d["h"] = -1; d.update(z=1, h=2); d |= {"a": 1}
print(list(d), list(d.items()), list(reversed(d)), d.popitem(), d.pop("e"))
for i in range(100): d[i] = i
for i in range(0, 100, 2): del d[i]
print(list(d)[-5:], len(d), list(d)[:6])
k, v, it = d.keys(), d.values(), d.items()
print(len(k), 1 in k, (1, 1) in it, 97 in v, k & {1, 3, 1000}, {1, 2} - k, k.isdisjoint([2]), it == d.items(), type(k), k.mapping["w"])
e = dict(a=1); print(e.keys() | {"b"} == {"a", "b"}, e.items() & {("a", 1)}, e.keys() == {"a"}, repr(e.keys()), repr(e.values()), repr(e.items()), dict([("x", 1)], y=2), dict({1: 2}), dict(zip("ab", [1, 2])), {**e, "a": 5})
err(lambda: dict(5))
err(lambda: dict([1]))
err(lambda: dict([(1, 2, 3)]))
err(lambda: dict(1, 2))
err(lambda: d.nope)
err(lambda: {}.popitem())
err(lambda: {1: 2} < {1: 3})
err(lambda: {1: 2} + {})
