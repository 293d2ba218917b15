# bytes.replace and bytearray.replace over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.replace(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b"banana", b"", b"aaa", b"\xe2a", *map(bytearray, [b"banana", b"", b"aaa", b"\xe2a"])]:
    show(receiver, b"a", b"X")
    show(receiver, b"a", b"", 1)
    show(receiver, b"", b"-")
    show(receiver, b"", b"-", 2)
    show(receiver, b"an", b"AN")
    show(receiver, b"a", b"\xe2")
    show(receiver, b"a")
    show(receiver, b"a", 5)
    show(receiver, b"q", b"r")
    show(receiver, b"a", b"b", -1)
    show(receiver, "str")
