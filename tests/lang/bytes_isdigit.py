# bytes.isdigit and bytearray.isdigit over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.isdigit(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b"123", b"", b"\xb2", b"\xe2", b"1a", b"\xbd", *map(bytearray, [b"123", b"", b"\xb2", b"\xe2", b"1a", b"\xbd"])]:
    show(receiver)
