# enumerate() of iterators that only C++ steps: dicts, sets, deques, products.
from collections import deque
from itertools import combinations, product, repeat


def totals(things, n):
    out = []
    for k in range(n):
        total = 0
        for i, x in enumerate(things[k % len(things)]):
            total += i * (x if isinstance(x, int) else len(x))
        for i, x in enumerate(things[k % len(things)], 10 ** 3 * k):
            total += i
        out.append(total)
    return sum(out), out[-1]


d = {i * i: i for i in range(30)}
print(totals([d], 60), totals([d.items(), d.values(), d, d.keys()], 60), totals([set(range(40))], 40))
print(totals([deque(range(50)), {}, {1: 2}, deque([5])], 200), totals([list(combinations(range(5), 2)), d], 40))


def nested(n):
    out = 0
    for k in range(n):
        small = {j: j for j in range(k % 4)}
        for i, (a, b) in enumerate(small.items()):
            for j, c in enumerate(product((1, 2), repeat=2)):
                out += i * a + j * c[0] - b
        for i, x in enumerate(repeat("ab", k % 3)):
            out += i + len(x)
    return out


print(nested(100))


def left(n):
    seen = []
    for k in range(n):
        e = enumerate({1: 2, 3: 4, 5: 6}.items(), k)
        for i, pair in e:
            if i == k + 1 + k % 2:
                break
        seen.append((i, pair, next(e, "end"), next(e, "end"), e.__reduce__()[1][1]))
    return seen[0], seen[1], seen[-1]


print(left(80))


def changed(n):
    d, errors = dict.fromkeys(range(20)), []
    for k in range(n):
        try:
            for i, x in enumerate(d):
                if i == 15 and k % 10 == 9:
                    d[100 + k] = 1
        except RuntimeError as e:
            errors.append((i, str(e)))
    return len(errors), errors[0], errors[-1], len(d)


print(changed(60))


def big(n):
    for i, x in enumerate({1: 2, 2: 3, 3: 4, 4: 5}, n):
        last = i
    return last


print([big(2 ** 60 - 4 + k) for k in range(4)], [big(2 ** 62 - 2), big(2 ** 63 - 2), big(-2)], sum(big(k) for k in range(99)))
