# str.removesuffix over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.removesuffix(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["banana", "", "nana"]:
    show(receiver, "na")
    show(receiver, "")
    show(receiver, "x")
    show(receiver, None)
