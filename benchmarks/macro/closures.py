"""Calls of every kind: closures, decorators, keywords, *args and **kwargs, bound methods, properties, operators."""


def counted(function):
    def wrapper(*args, **named):
        wrapper.calls += 1
        return function(*args, **named)
    wrapper.calls = 0
    return wrapper


@counted
def scale(value, factor=3, *, shift=0):
    return value * factor + shift


def partial(function, *front, **fixed):
    def call(*args, **named):
        return function(*front, *args, **{**fixed, **named})
    return call


def accumulator(start):
    total = start

    def add(n, weight=1):
        nonlocal total
        total = (total + n * weight) % 1000003
        return total

    def read():
        return total
    return add, read


def compose(*functions):
    def run(x):
        for f in functions:
            x = f(x)
        return x
    return run


class Money:
    def __init__(self, amount, currency="eur"):
        self._amount = amount
        self.currency = currency

    @property
    def amount(self):
        return self._amount

    @amount.setter
    def amount(self, value):
        self._amount = value % 100003

    def __add__(self, other):
        return Money(self._amount + other._amount, currency=self.currency)

    def __eq__(self, other):
        return self._amount == other._amount and self.currency == other.currency

    @classmethod
    def of(cls, amount, **named):
        return cls(amount, **named)

    @staticmethod
    def rate(k):
        return k % 7 + 1


def bench():
    scale.calls = 0
    add, read = accumulator(5)
    offset = 10
    chain = compose(lambda x: x + offset, partial(scale, factor=2), lambda x: x % 997)
    shifted = partial(scale, shift=4)
    purse = Money.of(100)
    equal = 0
    for i in range(10000):
        add(chain(i), weight=i & 3)
        add(shifted(i, factor=5))
        add(scale(i, 2, shift=1))
        purse = purse + Money(i, currency="eur")
        purse.amount = purse.amount * Money.rate(i)
        if purse == Money.of(purse.amount, currency="eur"):
            equal += 1
    return read() * 31 + scale.calls + purse.amount + equal
