"""Decimal arithmetic in Python: fixed-point numbers as objects with operators, rates, rounding half to even, totals."""


class Decimal:
    __slots__ = ("units", "places")

    def __init__(self, units, places):
        self.units = units
        self.places = places

    @classmethod
    def parse(cls, text):
        sign = -1 if text.startswith("-") else 1
        whole, _, part = text.lstrip("-").partition(".")
        return cls(sign * int(whole + part), len(part))

    def _aligned(self, other):
        if self.places == other.places:
            return self.units, other.units, self.places
        if self.places < other.places:
            return self.units * 10 ** (other.places - self.places), other.units, other.places
        return self.units, other.units * 10 ** (self.places - other.places), self.places

    def __add__(self, other):
        a, b, places = self._aligned(other)
        return Decimal(a + b, places)

    def __sub__(self, other):
        a, b, places = self._aligned(other)
        return Decimal(a - b, places)

    def __mul__(self, other):
        return Decimal(self.units * other.units, self.places + other.places)

    def __lt__(self, other):
        a, b, _ = self._aligned(other)
        return a < b

    def quantized(self, places):
        if places >= self.places:
            return Decimal(self.units * 10 ** (places - self.places), places)
        factor = 10 ** (self.places - places)
        whole, rest = divmod(self.units, factor)
        if rest * 2 > factor or (rest * 2 == factor and whole & 1):
            whole += 1
        return Decimal(whole, places)

    def __str__(self):
        digits = str(abs(self.units)).rjust(self.places + 1, "0")
        sign = "-" if self.units < 0 else ""
        return sign + digits[:-self.places] + "." + digits[-self.places:] if self.places else sign + digits


RATES = [Decimal.parse("0.0013"), Decimal.parse("0.00894")]
TAXES = [Decimal.parse("0.0675"), Decimal.parse("0.0341")]


def bench():
    total = Decimal(0, 2)
    taxes = Decimal(0, 2)
    most = Decimal(0, 2)
    lines = []
    state = 7
    for i in range(9500):
        state = (state * 69069 + 5) % 4294967296
        seconds = Decimal(state >> 18, 0)
        kind = state >> 9 & 1
        price = (seconds * RATES[kind]).quantized(2)
        tax = (price * TAXES[0]).quantized(2)
        if kind:
            tax = tax + (price * TAXES[1]).quantized(2)
        taxes = taxes + tax
        bill = price + tax
        if most < bill:
            most = bill
        total = total + bill
        lines.append(str(bill))
    interest = Decimal.parse("1.000173")
    compound = Decimal.parse("1.0")
    for _ in range(600):
        compound = (compound * interest).quantized(40)
    return "%s %s %s %d %s" % (total, taxes, most, len("".join(lines)), str(compound)[:30])
