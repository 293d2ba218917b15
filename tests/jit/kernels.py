# Builtins that run Python code: the function is inlined, iterators of Python code are stepped in the trace.
import functools


def mapped(n):
    s = 0
    for x in map(lambda v: v * 2 + 1, range(n)):    # loop: no calls, no New
        s += x
    return s


def filtered(n):
    s = 0
    for x in filter(lambda v: v >= 0, range(n)):    # loop: no calls, no New
        s += x
    return s


class Counter:
    def __init__(self, n):
        self.k = 0
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.k >= self.n:
            raise StopIteration
        self.k += 1
        return self.k


def counted(n):
    s = 0
    for x in Counter(n):    # loop: no calls, no New
        s += x
    return s


class Triple:
    def __init__(self, a):
        self.a = a

    def __iter__(self):
        yield self.a
        yield self.a + 1


def sums(n):
    s = i = 0
    while i < n:    # run: entries<=60, exits<=60
        s += sum(x * i for x in (1, 2, 3)) + min((i, 3), key=lambda v: -v)
        s += any(x == i for x in (1, 2)) + len(list(x for x in (i, i)))
        s += functools.reduce(lambda a, b: a + b, (1, 2)) + next((x for x in (i, 2)), None)
        for y in Triple(i):
            s += y
        i += 1
    return s


assert mapped(3000) == 3000 * 3000
assert filtered(3000) == 3000 * 2999 // 2
assert counted(3000) == 3000 * 3001 // 2
assert sums(3000) == sum(6 * i + max(i, 3) + (i in (1, 2)) + 2 + 3 + i + 2 * i + 1 for i in range(3000))
