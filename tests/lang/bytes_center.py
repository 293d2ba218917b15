# bytes.center and bytearray.center over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.center(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b"ab", b"abc", b"", *map(bytearray, [b"ab", b"abc", b""])]:
    show(receiver, 5)
    show(receiver, 10, b"*")
    show(receiver, 6, b"\xe2")
    show(receiver, 1)
    show(receiver, 5, b"ab")
    show(receiver, b"x")
    show(receiver, 7, b"")
    show(receiver, -3)
    show(receiver, "str")
