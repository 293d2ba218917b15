# bytes.swapcase and bytearray.swapcase over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.swapcase(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b"Hello", b"\xdf", b"\xe2", b"aB1", *map(bytearray, [b"Hello", b"\xdf", b"\xe2", b"aB1"])]:
    show(receiver)
