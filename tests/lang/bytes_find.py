# bytes.find and bytearray.find over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.find(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b"abcabc", b"", b"b\xe9\xe2b", b"a" * 20, *map(bytearray, [b"abcabc", b"", b"b\xe9\xe2b", b"a" * 20])]:
    show(receiver, b"b")
    show(receiver, b"bc", 2)
    show(receiver, b"z")
    show(receiver, b"")
    show(receiver, b"", 10)
    show(receiver, b"a", -3)
    show(receiver, b"a", None, 2)
    show(receiver, 5)
    show(receiver)
    show(receiver, b"a", b"b")
    show(receiver, "str")
