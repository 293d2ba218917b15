# float.is_integer over ordinary values, zeros, infinities and nan


def show(receiver, *args, **kwargs):
    try:
        result = receiver.is_integer(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [0.0, -0.0, 1.0, -2.5, 0.1, 1e16, 1.5e300, 5e-324, 123456.789, float("inf"), float("-inf"), float("nan")]:
    show(receiver)
