# bytes.split and bytearray.split over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.split(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b" a b  c ", b"a,b,,c", b"", b"banana", b"x\xe2y\tz", *map(bytearray, [b" a b  c ", b"a,b,,c", b"", b"banana", b"x\xe2y\tz"])]:
    show(receiver)
    show(receiver, b" ")
    show(receiver, b",")
    show(receiver, b",", 1)
    show(receiver, None, 1)
    show(receiver, b"")
    show(receiver, 5)
    show(receiver, sep=b"a")
    show(receiver, maxsplit=1)
    show(receiver, b"", -1)
    show(receiver, "str")
