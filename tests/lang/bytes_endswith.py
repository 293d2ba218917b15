# bytes.endswith and bytearray.endswith over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.endswith(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b"banana", b"", b"\xe9x", *map(bytearray, [b"banana", b"", b"\xe9x"])]:
    show(receiver, b"na")
    show(receiver, b"")
    show(receiver, (b"x", b"a"))
    show(receiver, b"n", 0, -1)
    show(receiver, b"a")
    show(receiver, "str")
