# Attributes and methods of objects whose classes come from builtin ones, in loops that are compiled.
import collections
import datetime
import decimal
import fractions


class Stack(list):
    def __init__(self, *items):
        super().__init__(items)
        self.pushed = 0

    def push(self, x):
        self.pushed += 1
        self.append(x)
        return self

    @property
    def top(self):
        return self[-1]

    depth = 5


class Config(dict):
    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def both(self):
        return self.a, self.get("b")


class Record(dict):
    kind = "record"

    def __init__(self, **values):
        dict.__init__(self, values)
        self.seen = []

    def note(self, what):
        self.seen.append(what)
        return self["x"] + len(self.seen)


class Text(str):
    def __new__(cls, s, tag):
        t = super().__new__(cls, s)
        t.tag = tag
        return t

    def shout(self):
        return self.upper() + self.tag


class Number(int):
    def half(self):
        return self // 2


class Point(collections.namedtuple("Point", "x y")):
    def moved(self, k):
        return self._replace(x=self.x + k)


class Failure(Exception):
    def __init__(self, code):
        super().__init__("failed", code)
        self.code = code

    def describe(self):
        return f"{self.args[0]} {self.code}"


def main(n):
    s, c, r, t, p = Stack(1, 2), Config(a=1, b=2), Record(x=3), Text("ab", "!"), Point(1, 2)
    total, texts, errors = 0, set(), []
    for i in range(n):
        s.push(i).push(-i)
        total += s.top + s.pushed + s.depth + len(s)
        if i % 50 == 0:
            s.depth = i
        total += c.a + c.both()[1]
        try:
            c.missing
        except AttributeError as e:
            errors.append(e)
        r["x"] = i
        total += r.note(i) + (r.kind == "record")
        texts.add(t.shout())
        texts.add(t.tag)
        p = p.moved(1)
        total += p.x + p.y + Number(i).half()
        if i == n - 20:
            Stack.push = lambda self, x: self
        if i == n - 10:
            r.note = lambda what: 1000
            t.shout = lambda: "own"
        try:
            raise Failure(i)
        except Failure as e:
            errors.append(e)
            texts.add(e.describe()[:6])
    print(total, sorted(texts), p, len(errors), s.pushed, len(s), errors[-1].code, len(r.seen))
    del s.depth
    print(s.depth, vars(t).keys(), c.__dict__)


def library(n):
    d, f, when = decimal.Decimal(0), fractions.Fraction(0), datetime.date(2020, 2, 27)
    for i in range(n):
        d += decimal.Decimal(i) / 4
        f += fractions.Fraction(i, 3)
        when += datetime.timedelta(days=i)
    print(d, f, when, when.year)


def descriptors(n):
    class Watched:
        def __get__(self, obj, owner):
            return len(obj)

        def __set__(self, obj, v):
            obj.append(v)

    class L(list):
        size = Watched()

    l, total = L(), 0
    for i in range(n):
        l.size = i
        total += l.size
        if i == n // 2:
            L.size = 3
    print(total, l.size, l[:3], vars(l))


main(200)
library(120)
descriptors(200)
