# str.isprintable over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.isprintable(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["abc", "", "\n", "\xa0", "\u20ac", "\ud800"]:
    show(receiver)
