# str.__getitem__ over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.__getitem__(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["abcdef", "\u20acb\U0001f600", ""]:
    show(receiver, 0)
    show(receiver, -1)
    show(receiver, 10)
    show(receiver, slice(1, 3))
    show(receiver, slice(None, None, -1))
    show(receiver, slice(None, None, 2))
    show(receiver, "x")
    show(receiver, 1.5)
    show(receiver, slice(None, None, 0))
    show(receiver, True)
