# bytes.upper and bytearray.upper over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.upper(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b"Hello", b"\xdf", b"\xe2", b"\xe2", b"a1\xe2", *map(bytearray, [b"Hello", b"\xdf", b"\xe2", b"\xe2", b"a1\xe2"])]:
    show(receiver)
    show(receiver, 1)
    show(receiver, "str")
