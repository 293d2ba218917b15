# bytes.isupper and bytearray.isupper over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.isupper(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b"ABC", b"ABc", b"", b"A1", b"1", b"\xe2", *map(bytearray, [b"ABC", b"ABc", b"", b"A1", b"1", b"\xe2"])]:
    show(receiver)
