# bytes.index and bytearray.index over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.index(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b"abcabc", b"", b"\xe2ab", *map(bytearray, [b"abcabc", b"", b"\xe2ab"])]:
    show(receiver, b"b")
    show(receiver, b"z")
    show(receiver, b"a", 1)
    show(receiver, b"")
    show(receiver, 5)
    show(receiver, "str")
