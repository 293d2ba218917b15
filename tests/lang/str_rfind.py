# str.rfind over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.rfind(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["abcabc", "", "b\xe9\u20acb", "a" * 20]:
    show(receiver, "b")
    show(receiver, "bc", 0, 3)
    show(receiver, "z")
    show(receiver, "")
    show(receiver, "a", -3)
    show(receiver, None)
