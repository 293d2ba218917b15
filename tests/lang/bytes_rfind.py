# bytes.rfind and bytearray.rfind over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.rfind(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b"abcabc", b"", b"b\xe9\xe2b", b"a" * 20, *map(bytearray, [b"abcabc", b"", b"b\xe9\xe2b", b"a" * 20])]:
    show(receiver, b"b")
    show(receiver, b"bc", 0, 3)
    show(receiver, b"z")
    show(receiver, b"")
    show(receiver, b"a", -3)
    show(receiver, None)
    show(receiver, "str")
