# sequence patterns
def f(x):
    match x:
        case []: return "empty"
        case [a]: return ("one", a)
        case (1, b): return ("starts with 1", b)
        case [a, b]: return ("two", a, b)
        case [0, *rest]: return ("rest", rest)
        case [*_, "end"]: return "ends"
        case [a, *mid, z]: return (a, mid, z)
        case _: return "no"
for x in ([], [5], (1, 2), [3, 4], [0, 1, 2], (7, 8, "end"), [1, 2, 3, 4], "ab", b"ab", bytearray(b"xy"), {1: 2}, {1, 2}, range(3), iter([1]), memoryview(b"abc"), 5):
    print(f(x))
