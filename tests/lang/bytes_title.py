# bytes.title and bytearray.title over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.title(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b"hello world", b"they're bill's", b"ABC def", b"1a b2c", b"\xe2x", b"", *map(bytearray, [b"hello world", b"they're bill's", b"ABC def", b"1a b2c", b"\xe2x", b""])]:
    show(receiver)
