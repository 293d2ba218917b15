# bytes.startswith and bytearray.startswith over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.startswith(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b"banana", b"", b"\xe9x", *map(bytearray, [b"banana", b"", b"\xe9x"])]:
    show(receiver, b"ba")
    show(receiver, b"")
    show(receiver, (b"x", b"b"))
    show(receiver, b"a", 1)
    show(receiver, b"an", 1, 2)
    show(receiver, 5)
    show(receiver, (b"x", 5))
    show(receiver, ())
    show(receiver, "str")
