"""Recursion: Ackermann, Fibonacci with closures and defaults, permutations, towers of Hanoi."""


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def make_fib():
    def fib(n, scale=1):
        if n < 2:
            return n * scale
        return fib(n - 1, scale=scale) + fib(n - 2, scale)
    return fib


def hanoi(n, a="a", b="b", c="c"):
    if n == 0:
        return 0
    return hanoi(n - 1, a, c, b) + 1 + hanoi(n - 1, c, b, a)


def permutations(items):
    if len(items) <= 1:
        return [items]
    out = []
    for i, x in enumerate(items):
        for rest in permutations(items[:i] + items[i + 1:]):
            out.append([x] + rest)
    return out


def bench():
    return ackermann(2, 150) + make_fib()(23) + hanoi(14) + len(permutations([1, 2, 3, 4, 5, 6, 7]))
