"""Loops over bytes: in their own iterator, shared, from subclasses, inside zip, map and enumerate, and cut short."""


class Packet(bytes):
    pass


def total(data):
    n = 0
    for b in data:
        n = n * 3 + b & 0xFFFFF
    return n


def pairs(data):
    it = iter(data)
    out = []
    for a in it:
        out.append((a, next(it, None)))
    return out, next(it, "over")


def shared(data):
    """Two steps of one iterator in each round of zip."""
    it = iter(data)
    return [a * 256 + b for a, b in zip(it, it)]


def leave(data, stop):
    it = iter(data)
    for b in it:
        if b == stop:
            break
    return it.__length_hint__(), list(it)


def mixed(values):
    out = []
    for v in values:
        n = 0
        for x in v:
            n += x if isinstance(x, int) else ord(x)
        out.append(n)
    return out


data = bytes(range(250)) * 4
print(total(data), total(Packet(data)), total(bytearray(data)), total(b""))
for n in (9, 10):
    print(pairs(bytes(range(n))))
for _ in range(40):
    p, s, r = pairs(data), shared(data[:101]), leave(data, 200)
print(len(p[0]), p[0][-1], p[1], s[:3], len(s), r[0], sum(r[1]))
for _ in range(30):
    e = [k * b for k, b in enumerate(data) if b % 50 == 7]
    m = sum(map(int, data[:99])), max(zip(data, data[1:]))
print(e, m)
print(mixed([b"abc", "abc", (1, 2), [3, 4], bytearray(b"xy"), Packet(b"z"), range(4), memoryview(b"ab")] * 40)[-8:])
print([bytes([x]) for x in b"xyz"], [*b"pq"], {x for x in b"aab"} == {97, 98})
