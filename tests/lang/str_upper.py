# str.upper over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.upper(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["Hello", "\xdf", "\ufb01", "\u0131", "a1\u03c3"]:
    show(receiver)
    show(receiver, 1)
