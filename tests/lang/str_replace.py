# str.replace over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.replace(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["banana", "", "aaa", "\u20aca"]:
    show(receiver, "a", "X")
    show(receiver, "a", "", 1)
    show(receiver, "", "-")
    show(receiver, "", "-", 2)
    show(receiver, "an", "AN")
    show(receiver, "a", "\u20ac")
    show(receiver, "a")
    show(receiver, "a", 5)
    show(receiver, "q", "r")
    show(receiver, "a", "b", -1)
