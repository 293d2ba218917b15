# str.expandtabs over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.expandtabs(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["a\tbc\td", "\t\t", "x\n\ty", "\xe9\tz"]:
    show(receiver)
    show(receiver, 4)
    show(receiver, 0)
    show(receiver, tabsize=2)
    show(receiver, -1)
    show(receiver, "x")
