# str.isascii over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.isascii(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["abc", "", "\x7f", "\x80", "\u20ac"]:
    show(receiver)
