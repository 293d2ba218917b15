# operators defined through a mixin and functional use of classes
class Ordered:
    def __le__(self, o): return self < o or self == o
    def __gt__(self, o): return not self <= o
    def __ge__(self, o): return not self < o
class Money(Ordered):
    def __init__(self, c): self.c = c
    def __eq__(self, o): return self.c == o.c
    def __lt__(self, o): return self.c < o.c
    def __hash__(self): return hash(self.c)
    def __add__(self, o): return Money(self.c + (o.c if isinstance(o, Money) else o))
    __radd__ = __add__
    def __repr__(self): return f"${self.c / 100:.2f}"
    def __format__(self, s): return format(self.c / 100, s or ".2f")
    def __bool__(self): return self.c != 0
    def __iter__(self): yield from divmod(self.c, 100)
    def __contains__(self, x): return x in str(self.c)
wallet = [Money(250), Money(99), Money(1000)]
print(sorted(wallet), sum(wallet), max(wallet), min(wallet), [m for m in wallet if m > Money(100)], [*Money(250)], dict([Money(203)]), f"{Money(5)} {Money(5):>8.1f}", "5" in Money(250), bool(Money(0)), {Money(1): "x"}[Money(1)])
