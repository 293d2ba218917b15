# float.__format__ over ordinary values, zeros, infinities and nan


def show(receiver, *args, **kwargs):
    try:
        result = receiver.__format__(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [0.0, -0.0, 1.0, -2.5, 0.1, 1e16, 1.5e300, 5e-324, 123456.789, float("inf"), float("-inf"), float("nan")]:
    show(receiver, "")
    show(receiver, ".3f")
    show(receiver, "e")
    show(receiver, "g")
    show(receiver, "10.2f")
    show(receiver, "+.0e")
    show(receiver, "%")
    show(receiver, ",.2f")
    show(receiver, "#.0f")
    show(receiver, "020.3f")
    show(receiver, "<12")
    show(receiver, "d")
    show(receiver, ".3")
    show(receiver, "n")
    show(receiver, "_.4f")
    show(receiver, "z.0f")
    show(receiver, "G")
