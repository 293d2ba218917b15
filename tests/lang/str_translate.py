# str.translate over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.translate(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["abcab", "", "\xe9a"]:
    show(receiver, {97: "X"})
    show(receiver, {97: None, 98: 99})
    show(receiver, {97: 0x20ac})
    show(receiver, {})
    show(receiver, {97: 1.5})
    show(receiver, {97: 1114112})
    show(receiver, 5)
    show(receiver, "xyz")
