# str() of objects with a __str__ of their own.
class Amount:
    def __init__(self, n):
        self.n = n

    def __str__(self):
        return "-" * (self.n < 0) + str(abs(self.n))


class Price(Amount):
    def __str__(self):
        return super().__str__() + " eur"


class Bad(Amount):
    def __str__(self):
        return self.n


class Meta(type):
    def __str__(cls):
        return "<" + cls.__name__ + ">"


class Odd(metaclass=Meta):
    def __str__(self):
        return "odd"


class Text(str):
    def __str__(self):
        return "text"


def total(n):
    size = 0
    for i in range(n):
        x = Amount(i) if i % 3 else Price(-i)
        size += len(str(x))
        x.__str__ = lambda: "instance"
        size += len(str(x)) + len(f"{x}") + len("%s" % x)
    return size


print(total(10), total(700))
print(str(Odd()), str(Odd), str(Text("a")), type(str(Text("a"))).__name__)
for i in range(300):
    try:
        str(Bad(i))
    except TypeError as e:
        if i == 299:
            tb = e.__traceback__
            print(e, tb.tb_next)


class Loop:
    def __str__(self):
        return str(self)


try:
    str(Loop())
except RecursionError:
    print("RecursionError")


class Raises:
    def __str__(self):
        raise ValueError("no text")


try:
    for i in range(300):
        str(Raises() if i == 280 else i)
except ValueError as e:
    names = []
    tb = e.__traceback__
    while tb:
        names.append(tb.tb_frame.f_code.co_name)
        tb = tb.tb_next
    print(e, i, names[-1])
Amount.__str__ = lambda self: "changed"
print(str(Amount(1)), str(Price(1)))
