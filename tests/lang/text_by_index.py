"""Characters, bytes and attributes in loops: what compiled code asks about texts and names."""


def scan(text):
    found = []
    at = 0
    while at < len(text):
        c = text[at]
        if c in " \t\n":
            at += 1
            continue
        if c == "\\" or text[at] != text[-1 - at]:
            found.append((at, ord(c)))
        at += 1
    return found


class Plain:
    pass


def copy(thing):
    fresh = object.__new__(type(thing))
    for name, value in vars(thing).items():
        setattr(fresh, name, value)
    return fresh


class Guarded(Plain):
    def __setattr__(self, name, value):
        object.__setattr__(self, "_" + name, value)


class Described(Plain):
    @property
    def a(self):
        return "property"

    @a.setter
    def a(self, v):
        self.__dict__["kept"] = v


def names(things):
    out = []
    for thing in things:
        kind = type(thing).__name__
        found = getattr(thing, "a", None)
        out.append((kind, found, getattr(type(thing), "a", 0) is not None, len(vars(thing))))
    return out


def late(things):
    total = 0
    for thing in things:
        total += thing.a + thing.b  # attributes in a Dict, once vars() was asked for
        thing.a = thing.a + 1
        thing.c = total
    return total


for text in ("ab cd\\ba" * 30, "héé\té\n" * 40, "αβγ α" * 20, "a\u1234" * 50, "", "x"):
    print(len(text), scan(text)[:4], len(scan(text)))

things = []
for k in range(100):
    p = Plain()
    p.a = k
    p.b = -k
    things.append(p)
copies = [copy(p) for p in things]
print(late(copies), late(copies), late(things), vars(copies[7]), copies[9].c, things[9].a)
mixed = []
for k in range(90):
    t = (Plain, Guarded, Described)[k % 3]()
    t.a = k
    mixed.append(t)
print(names(mixed)[:4], names(things)[-1])
print([vars(copy(t)) for t in mixed[:3]])


def missing(things):
    told = []
    for t in things:
        try:
            told.append(t.nothing)
        except AttributeError as e:
            told.append(str(e))
    return told[-1]


print(missing(copies), missing(mixed))


def sizes(items):
    total = 0
    for x in items:
        total = total * 3 + len(x)
    return total % 1000003


print(sizes(["abc", "", "α", "x" * 50 + "y" * 50] * 20), sizes([b"ab", b""] * 30), sizes([{1, 2}, set(), {3}] * 20),
      sizes([{1: 2}, {}] * 30), sizes([(1,), [2, 3], "a", {4: 5}, {6}, b"7"] * 20))
data = bytes(range(250, 256)) * 20
print([data[k] for k in range(-3, 3)], sum(data[k] * k for k in range(len(data))), sum(data[-k] for k in range(1, 100)))
for bad in (200, -200):
    try:
        for k in (0, 1, 2, bad):
            data[k], "abc"[min(k, 2)], "abcdefgh"[k]
    except IndexError as e:
        print(e)
