"""Comparison of sets and of the keys of dicts, with keys that compare by Python code, too."""


def same(ds):
    n = 0
    for a, b in ds:
        if a.keys() == b.keys():
            n += 1
        if set(a) == set(b) and frozenset(a) <= b.keys():
            n += 10
        if a.keys() != {1, 2}:
            n += 100
        if a == 3:
            n += 1000
    return n


class K:
    def __init__(self, k):
        self.k = k

    def __hash__(self):
        return 7

    def __eq__(self, o):
        return isinstance(o, K) and self.k == o.k


ds = [({1: 2, (3, "a"): 4}, {(3, "a"): 1, 1: 1}), ({1: 0, 2: 0}, {2: 3, 1: 3}), ({}, {5: 1}), ({K(1): 1}, {K(1): 2}),
      ({K(1): 1}, {K(2): 2})] * 40
print(same(ds), same(ds[:90]))
