# str.lower over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.lower(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["HELLO", "\u0130", "\u03a3", "A\u03a3", "A\u03a3 B", "\u1e9e"]:
    show(receiver)
