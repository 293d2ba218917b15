# str.index over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.index(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["abcabc", "", "\U0001f600ab"]:
    show(receiver, "b")
    show(receiver, "z")
    show(receiver, "a", 1)
    show(receiver, "")
    show(receiver, 5)
