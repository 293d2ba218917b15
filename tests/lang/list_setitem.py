# list.__setitem__ over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.__setitem__(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [[], [1, 2, 1], [3, "b", 1.0, None], list(range(6))]:
    show(receiver, 0, 9)
    show(receiver, 50, 1)
    show(receiver, slice(0, 1), "xyz")
    show(receiver, slice(None, None, 2), [7, 8])
    show(receiver, slice(1, 1), 5)
    show(receiver, "k", 1)
