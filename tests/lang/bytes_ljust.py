# bytes.ljust and bytearray.ljust over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.ljust(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b"ab", b"\xe9", b"", *map(bytearray, [b"ab", b"\xe9", b""])]:
    show(receiver, 5)
    show(receiver, 10, b"*")
    show(receiver, 1)
    show(receiver, 5, b"ab")
    show(receiver, b"x")
    show(receiver, "str")
