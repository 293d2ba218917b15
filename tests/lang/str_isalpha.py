# str.isalpha over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.isalpha(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["abc", "", "ab1", "\xe9\u20ac", "\u4e2d", " "]:
    show(receiver)
