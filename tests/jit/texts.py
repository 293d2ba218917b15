# Texts by index, tables by key, and names made at run time.
def scan(text, n):
    found = i = 0
    while i < n:    # loop: calls<=2
                    # run: entries<=60
        c = text[i % 8]
        if c == "c":
            found += ord(c)
        i += len(text)
    return found


assert scan("abcdefgh", 24000) == 0
assert scan("abcdefghijk", 44000) == 49500


def total(data, n):
    s = i = 0
    while i < n:    # loop: no calls, guards<=6
        s += data[i & 7]
        i += 1
    return s


assert total(b"abcdefgh", 8000) == 804000


def count(n):
    seen = {}
    for i in range(n):      # loop: calls<=2
                            # run: entries<=60
        key = (i & 3, 1)
        seen[key] = seen.get(key, 0) + 1
    return seen[3, 1]


assert count(8000) == 2000


class Named:
    def __init__(self):
        self.a1 = 1
        self.a2 = 2

    def by_name(self, k):
        return getattr(self, "a" + k, 0)


def named(n):
    o = Named()
    s = i = 0
    while i < n:    # run: entries<=60
        s += o.by_name("1") + o.by_name("9") + len(type(o).__name__)
        setattr(o, "a2", s)
        i += 1
    return s + vars(o)["a2"] - o.a2


assert named(5000) == 30000


def in_dict(n):
    o = Named()
    vars(o)["late"] = 5  # from here on its attributes are in a Dict
    s = i = 0
    while i < n:    # run: entries<=60
        s += o.late + o.a1
        o.a1 = 2
        i += 1
    return s


assert in_dict(5000) == 35000 - 1


def alike(a, b, n):
    same = i = 0
    while i < n:    # run: entries<=60
        same += a.keys() == b.keys()
        i += 1
    return same


assert alike({1: 2, "x": 3}, {"x": 1, 1: 4}, 3000) == 3000
