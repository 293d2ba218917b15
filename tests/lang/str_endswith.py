# str.endswith over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.endswith(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["banana", "", "\xe9x"]:
    show(receiver, "na")
    show(receiver, "")
    show(receiver, ("x", "a"))
    show(receiver, "n", 0, -1)
    show(receiver, b"a")
