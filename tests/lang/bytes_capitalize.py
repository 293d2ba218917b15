# bytes.capitalize and bytearray.capitalize over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.capitalize(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b"hELLO wORLD", b"\xdfx", b"\xe2a", b"", b"1ab", *map(bytearray, [b"hELLO wORLD", b"\xdfx", b"\xe2a", b"", b"1ab"])]:
    show(receiver)
