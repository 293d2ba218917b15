# bytes.join and bytearray.join over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.join(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b",", b"", b"\xe2", b"--", *map(bytearray, [b",", b"", b"\xe2", b"--"])]:
    show(receiver, b"abc")
    show(receiver, [b"a", b"b"])
    show(receiver, [])
    show(receiver, [b"x"])
    show(receiver, [b"a", 5])
    show(receiver, 5)
    show(receiver, (b"p", b"\xe2"))
    show(receiver, range(2))
    show(receiver, {b"k": 1})
    show(receiver, "str")
