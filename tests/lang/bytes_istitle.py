# bytes.istitle and bytearray.istitle over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.istitle(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b"Hello World", b"Hello world", b"", b"HELLO", b"1A", b"\xe2x", *map(bytearray, [b"Hello World", b"Hello world", b"", b"HELLO", b"1A", b"\xe2x"])]:
    show(receiver)
