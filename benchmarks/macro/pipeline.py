"""Generators: a chain of lazy stages, and a coroutine-like consumer fed by send()."""


def numbers(n):
    for i in range(n):
        yield i


def squares(source):
    for x in source:
        yield x * x


def odd(source):
    for x in source:
        if x & 1:
            yield x


def pairs(source):
    last = None
    for x in source:
        if last is not None:
            yield last, x
        last = x


def average():
    total = n = 0
    value = None
    while True:
        x = yield value
        total += x
        n += 1
        value = total / n


def flatten(tree):
    for item in tree:
        if isinstance(item, list):
            yield from flatten(item)
        else:
            yield item


def bench():
    total = sum(b - a for a, b in pairs(odd(squares(numbers(120000)))))
    mean = average()
    next(mean)
    for x in numbers(80000):
        last = mean.send(x)
    tree = [1, [2, [3, [4, [5]]]]] * 4000
    return total + int(last) + sum(flatten(tree))
