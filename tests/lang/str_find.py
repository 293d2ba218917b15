# str.find over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.find(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["abcabc", "", "b\xe9\u20acb", "a" * 20]:
    show(receiver, "b")
    show(receiver, "bc", 2)
    show(receiver, "z")
    show(receiver, "")
    show(receiver, "", 10)
    show(receiver, "a", -3)
    show(receiver, "a", None, 2)
    show(receiver, 5)
    show(receiver)
    show(receiver, "a", "b")
