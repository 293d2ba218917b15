# C++ functions over elements whose comparisons, hashes and sums are Python's, in compiled loops.
log = []


class E:
    def __init__(self, k):
        self.k = k

    def __lt__(self, other):
        log.append("<")
        return self.k < other.k

    def __eq__(self, other):
        log.append("=")
        return isinstance(other, E) and self.k == other.k

    def __hash__(self):
        log.append("#")
        return self.k % 3

    def __add__(self, other):
        log.append("+")
        return self.k + (other.k if isinstance(other, E) else other)

    __radd__ = __add__

    def __bool__(self):
        log.append("?")
        return self.k > 1

    def __repr__(self):
        return f"E{self.k}"


def run(elements, n):
    out, counts = [], []
    for i in range(n):
        l = elements[i % len(elements)]
        mark = len(log)
        s = set(l)
        r = [sorted(l), min(l), max(l), sum(l), any(l), all(l), l.count(l[0]), l.index(l[-1]), len(s | {l[0]}),
             len(s & set(l[1:])), len(s - {l[0]}), len(s ^ {l[0]}), s == set(l), s <= set(l), l == l[:],
             (l[0], 1) == (l[0], 1), s.isdisjoint(l[1:]), s.issubset(l), len(s.union(l, l)), len(dict.fromkeys(l, 1)),
             l[:1] * 2 == [l[0]] * 2, l < l[1:]]
        t = list(l)
        t.sort(reverse=True)
        t.remove(l[0])
        s |= {l[0]}
        s &= set(l)
        s -= {l[-1]}
        s ^= {l[-1], l[0]}
        s.update(t)
        s.difference_update(t[:1])
        out.append(repr((r, t, sorted(s))))
        counts.append("".join(log[mark:]))
    return len(set(out)), out[-1], len(set(counts)), counts[-1].count("=") > 0, counts[-1].count("#") > 0


ints = [[3, 1, 2], [5, 4, 6, 1]]
objects = [[E(3), E(1), E(2)], [E(5), E(4), E(6), E(1)]]
print(run(ints, 100))
print(run(objects, 60))
print(run([ints[0], objects[0], ints[1], objects[1]], 100))
