# Ints around one and two machine words: arithmetic, shifts, powers and their decimal text.
import hashlib
import operator
import random

rng = random.Random(5)
values = [0, 1, -1]
for bits in (5, 31, 60, 61, 62, 63, 64, 65, 66, 100, 125, 126, 127, 128, 129, 190):
    for delta in (-1, 0, 1):
        values += [(1 << bits) + delta, -(1 << bits) + delta]
values += [rng.getrandbits(rng.randrange(1, 130)) * rng.choice((1, -1)) for _ in range(40)]


def attempt(function, *args):
    try:
        return function(*args)
    except (ZeroDivisionError, OverflowError, ValueError) as e:
        return type(e).__name__ + ": " + str(e)


def digest(results):
    return hashlib.sha256("\n".join(map(str, results)).encode()).hexdigest()[:16]


for name in ("add", "sub", "mul", "floordiv", "mod", "and_", "or_", "xor"):
    function = getattr(operator, name)
    print(name, digest(attempt(function, a, b) for a in values for b in values))
print("divmod", digest(attempt(divmod, a, b) for a in values for b in values))
shifts = [*range(135), -1]
print("lshift", digest(attempt(operator.lshift, a, s) for a in values for s in shifts))
print("rshift", digest(attempt(operator.rshift, a, s) for a in values for s in [*shifts, 1 << 70]))
print("pow", digest(attempt(pow, a, n) for a in values for n in range(20)))
print(-(1 << 127), (1 << 127) - 1, 1 << 127, -(1 << 60), 10**19, 10**20, -(10**38))
print((-1 << 126) - (1 << 126), (1 << 63) * -(1 << 64), (-(1 << 127)) // -1, divmod(-(1 << 127), 3))


# A hash of 64 bits, as programs write it, in a loop.
def fnv(text):
    h = 0xCBF29CE484222325
    for ch in text:
        h = ((h ^ ord(ch)) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return h


print(hex(fnv("the quick brown fox jumps over the lazy dog" * 40)))
