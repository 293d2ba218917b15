# the in-place operator ^= on values of every pair of builtin types, and whether the object stayed

def make():
    return [5, -2, True, 2.5, "ab", b"ab", bytearray(b"xy"), None, [1], (2,), {1: 2}, {3, 4}, frozenset([3])]


for i in range(len(make())):
    for j in range(len(make())):
        a, b = make()[i], make()[j]
        before = a
        try:
            a ^= b
        except Exception as e:
            print(repr(before), '^=', repr(b), type(e).__name__, e)
        else:
            print(repr(b), '^=', repr(a), a is before if isinstance(a, (list, dict, set, bytearray)) else "")
