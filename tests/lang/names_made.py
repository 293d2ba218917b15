"""Names made at run time: attributes looked up by them, interning, and identity hashes as keys."""


class Base:
    kind = "base"

    def __init__(self):
        self.a1 = 1

    def visit_int(self, v):
        return v + 1

    @property
    def visit_prop(self):
        return lambda v: ("prop", v)

    @staticmethod
    def visit_static(v):
        return ("static", v)

    @classmethod
    def visit_class(cls, v):
        return (cls.__name__, v)


class Fallback(Base):
    def __getattr__(self, name):
        if name.startswith("visit_q"):
            return lambda v: (name, v)
        raise AttributeError(name)


seen = []
for thing in (Base(), Fallback(), Base()):
    for part in ("int", "prop", "static", "class", "queer", "none", "é" * 3):
        method = getattr(thing, "visit_" + part, None)
        seen.append(method(5) if method else None)
print(seen)

b = Base()
for k in range(60):
    setattr(b, "a%d" % (k % 7), k)
    setattr(b, "ünïcode%d" % (k % 3), -k)
print(sorted(vars(b).items()))
print([getattr(b, "a" + str(k), "no") for k in range(9)], hasattr(b, "ünïcode" + "2"), hasattr(b, "ünïcode" + "3"))
for bad in ("gone", "visit_gone"):
    try:
        getattr(b, bad + "!")
    except AttributeError as e:
        print(e)

import sys
print(sys.intern("some" + str(1) * 3) is sys.intern("some111"), sys.intern("ü" + str(1)) is sys.intern("ü1"))

table = {int: 1, Base: 2, type(None): 3, b: 4, len: 5, print: 6, b"raw": 7, b"": 8}
print(table[Base], table[type(b)], table[b], table[len], table.get(Fallback), table[bytes([114, 97, 119])], table[b""])
print(hash(b"raw") == hash("raw"), hash(b"") == 0, "lo" in "hello", "" in "", "é" in "abcé", "x" in "é", "\u1234" in "ab")
print(hash(b) == object.__hash__(b), hash(Base) == object.__hash__(Base), {None: 1, ...: 2, NotImplemented: 3}[...])
seq = [[1, 2], (3, 4), "αβ", b"ab", "ab", bytearray(b"xy")]
print([s[k] for s in seq for k in (0, 1, -1, True)])
for s in seq:
    for k in (2, -3, 1 << 80):
        try:
            s[k]
        except IndexError as e:
            print(e)
