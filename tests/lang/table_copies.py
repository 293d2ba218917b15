"""Copies of whole tables: their order, what was removed before, and that they are copies."""


class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n % 4

    def __eq__(self, other):
        return isinstance(other, Key) and self.n == other.n

    def __repr__(self):
        return "K%d" % self.n


# Sets: the order of a copy depends on the size of its table.
for n in (0, 1, 3, 4, 5, 6, 7, 20, 21, 100):
    s = {k * 37 % 101 for k in range(n)}
    s.update(range(1000, 1000 + n, 3))
    for k in range(0, n, 4):
        s.discard(k * 37 % 101)
    print(n, list(s)[:12], list(set(s))[:12], list(frozenset(s))[:12], list(s | {5, 64})[:12])
    print(list(s & set(range(60)))[:12], list(s - {3})[:12], list(s ^ {8, 37})[:12], sorted(s)[:5], tuple(s)[:3])
    copy = s.copy()
    copy.add(-7)
    copy.discard(37)
    print(len(s), len(copy), -7 in s, 37 in s, 37 in copy)
    s |= frozenset(range(0, n * 2, 2))
    print(list(s)[-8:])

keys = {Key(n) for n in range(6)}
print(sorted(map(repr, set(keys))), Key(3) in frozenset(keys), Key(9) in keys.copy())
print(sorted(map(repr, keys - {Key(2), Key(7)})), sorted(map(repr, keys & {Key(2), Key(7)})))

# Dicts: removed entries leave no trace in a copy.
for n in (0, 1, 6, 40, 300):
    d = {("k", k, (k % 3, "x")): k for k in range(n)}
    for k in range(0, n, 5):
        del d["k", k, (k % 3, "x")]
    for c in (d.copy(), dict(d), {**d}, dict(d, extra=1)):
        c["k", 1, (1, "x")] = "other"
        c["new"] = 2
        c.pop(("k", 2, (2, "x")), None)
        print(len(d), len(c), list(c)[-2:], list(c.values())[:3], d.get(("k", 1, (1, "x"))), c == d)
    print(list(d)[:2], sorted(d)[:2], [*d][-1:], d.copy() == d, ("k", 1, (1, "x", 0)) in d, ("k", 1, (1, 2)) in d)

mixed = {1: "int", (1, 2): "tuple", "s": "str", 2.5: "float", Key(1): "key"}
print(mixed[1.0], mixed[True], mixed[1.0, 2], mixed[(True, 2.0)], mixed[Key(1)], mixed.copy()[(1, 2.0)])
print((1, float("nan")) in mixed, {(0.0, 1): "zero"}[(-0.0, 1)], {(1 << 70, "a"): 5}[(1 << 70, "a")])

# Long lists grow by more than short ones.
grown = []
for k in range(3000):
    grown.append(k)
grown.insert(7, -1)
print(len(grown), sum(grown), grown[6:9], grown[-1])


def changing():
    s = {1, 2, 3}
    try:
        for k in s:
            s.add(k + 10)
    except RuntimeError as e:
        print(e)


changing()
