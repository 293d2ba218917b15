# repetition and multiplication: who is asked first, and what is said when nobody answers
from collections import deque


def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


def times(a, b):
    a *= b
    return a


class R:
    def __rmul__(self, other): return "R", other


class X:
    pass


class I:
    def __index__(self): return 2


class M(list):
    def __mul__(self, other): return "M", other


class N(list):
    def __imul__(self, other): return "N", other


sequences = [[1], (1,), "a", b"a", bytearray(b"a"), deque([1]), range(2), memoryview(b"a"), M([1]), N([1])]
others = [2, True, I(), -1, 2.5, "s", None, [2], R(), X(), len, {1: 2}.keys()]
for s in sequences:
    for o in others:
        if isinstance(o, R) and type(s) in (M, N): continue
        for f in (lambda: s * o, lambda: o * s, lambda: times(s[:] if not isinstance(s, deque) else s.copy(), o), lambda: times(o, s), lambda: s.__mul__(o) if not isinstance(o, R) else s):
            try:
                r = f()
                print(type(s).__name__, type(o).__name__, type(r).__name__, len(r))
            except Exception as e:
                print(type(s).__name__, type(o).__name__, type(e).__name__, str(e).split(" at 0x")[0])
for f in (lambda: "a".find(), lambda: "a".index(1, 2, 3, 4), lambda: b"a".startswith(), lambda: [].__init__(1, 2), lambda: set(1, 2), lambda: list(x=1), lambda: enumerate(),
          lambda: object.__new__(5), lambda: int.__new__(5), lambda: chr(2 ** 40), lambda: True.bit_count(*[1]), lambda: (5).bit_length(*[1]), lambda: int.bit_count(*[True, 1])):
    err(f)
for o in ("a".__add__, [].__getitem__, {}.__contains__, {}.__iter__, [].__reversed__, (5).__round__, object().__dir__, type.__call__, (lambda: 0).__call__):
    print(type(o).__name__, end=" ")
print()
v = bytearray(b"abc")
w = memoryview(v)
part = w[1:]
err(lambda: v.append(1))
err(lambda: v.clear())
w.release()
part.release()
v.append(1)
print(v, memoryview(v)[0])
import gc
gc.collect()
v.extend(b"xyz")
print(v)
