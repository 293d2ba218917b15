# abs() applied to a value of every builtin type

for value in [0, 1, -1, True, 2.5, -0.0, 10 ** 20, 1j, "", "a", "12", b"", b"ab", None, [], [1, 2], (), (3,), {}, {1: 2}, {7}, range(3), int, len, ...]:
    try:
        result = repr(abs(value))
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(value), "->", result)
