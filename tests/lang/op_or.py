# the operator | between values of every pair of builtin types

values = [0, 3, -2, True, 2.5, 10 ** 20, 1j, "ab", b"ab", None, [1], (2,), {1: 2}, {3}, frozenset([3]), range(2), int]
for a in values:
    row = []
    for b in values:
        if isinstance(a, (str, bytes, list, tuple)) and isinstance(b, int) and b > 10 or isinstance(b, (str, bytes, list, tuple)) and isinstance(a, int) and a > 10:
            continue
        if '|' == "<<" and isinstance(b, int) and b > 10:
            continue
        try:
            row.append(repr(a | b))
        except Exception as e:
            row.append(f"{type(e).__name__}: {e}")
    print(repr(a), '|', row)
