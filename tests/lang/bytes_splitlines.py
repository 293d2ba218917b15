# bytes.splitlines and bytearray.splitlines over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.splitlines(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b"a\nb\r\nc\rd", b"", b"\n", b"a\x0bb\x0cc\x1cd\x85e\xe2f", b"x\n\n", *map(bytearray, [b"a\nb\r\nc\rd", b"", b"\n", b"a\x0bb\x0cc\x1cd\x85e\xe2f", b"x\n\n"])]:
    show(receiver)
    show(receiver, True)
    show(receiver, keepends=True)
    show(receiver, 0)
    show(receiver, "str")
