# str.startswith over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.startswith(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["banana", "", "\xe9x"]:
    show(receiver, "ba")
    show(receiver, "")
    show(receiver, ("x", "b"))
    show(receiver, "a", 1)
    show(receiver, "an", 1, 2)
    show(receiver, 5)
    show(receiver, ("x", 5))
    show(receiver, ())
