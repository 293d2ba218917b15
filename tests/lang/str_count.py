# str.count over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.count(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["banana", "", "aaaa", "\u20aca\u20ac"]:
    show(receiver, "a")
    show(receiver, "")
    show(receiver, "aa")
    show(receiver, "a", 1, 4)
    show(receiver, 5)
