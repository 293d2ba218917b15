# bytes.rsplit and bytearray.rsplit over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.rsplit(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b" a b  c ", b"a,b,,c", b"", b"x\xe2y z", *map(bytearray, [b" a b  c ", b"a,b,,c", b"", b"x\xe2y z"])]:
    show(receiver)
    show(receiver, b",")
    show(receiver, b",", 1)
    show(receiver, None, 1)
    show(receiver, b"")
    show(receiver, maxsplit=2)
    show(receiver, "str")
