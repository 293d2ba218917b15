# str.center over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.center(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["ab", "abc", ""]:
    show(receiver, 5)
    show(receiver, 10, "*")
    show(receiver, 6, "\u20ac")
    show(receiver, 1)
    show(receiver, 5, "ab")
    show(receiver, "x")
    show(receiver, 7, "")
    show(receiver, -3)
