# str.swapcase over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.swapcase(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["Hello", "\xdf", "\u0130", "aB1"]:
    show(receiver)
