# Values that go from one variable to the next at each iteration, boxed in one and not in another.
def lag(n, k, p):
    for i in range(n):
        k, p = p, i
    return k, p


def lag_masked(n, k, p):
    for i in range(n):
        k = p & 3
        k, p = p, i
    return k, p


def three(n, a, b, c):
    for i in range(n):
        a, b, c = b, c, i
    return a, b, c


def five(n, a, b, c, d, e):
    for i in range(n):
        a, b, c, d, e = b, c, d, e, i
        if i == n // 2:
            e = -e
    return a, b, c, d, e


def of_list(items, k, p):
    for x in items:
        k, p = p, x
    return k, p


def pairs(items):
    previous = older = None
    out = 0
    for x in items:
        if older is not None:
            out += (x - previous) * 3 - older
        older, previous = previous, x
    return out, older, previous


def floats(n, a, b):
    x = 0.5
    for i in range(n):
        x = x + 1.5
        a, b = b, x
    return a, b


def counted(n, a, b):
    i = 0
    while i < n:
        a, b, i = b, i, i + 1
    return a, b, i


def attributes(n):
    class P:
        pass
    p = P()
    p.x, p.y = 7, 8
    for i in range(n):
        p.x, p.y = p.y, i
        k = p.x
    return k, p.x, p.y


def enumerated(items):
    last = before = -1
    for i, x in enumerate(items):
        before, last = last, i
    return before, last


for n in (1, 2, 3, 60, 200):
    seen = set()
    for _ in range(40):
        l = list(range(n))
        seen.add((lag(n, 4, 5), lag_masked(n, 4, 5), three(n, 1, 2, 3), five(n, 1, 2, 3, 4, 5), of_list(l, 8, 9),
                  of_list(tuple(l), 8, 9), of_list([x / 2 for x in l], 8, 9), pairs(l), pairs([x * x for x in l]),
                  floats(n, 1.0, 2.0), floats(n, 1, 2), counted(n, 8, 9), attributes(n), enumerated(l), lag(n, "a", None)))
    print(n, seen)
