# bytes.isspace and bytearray.isspace over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.isspace(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b" \t\n", b"", b"\xa0\xe2", b"a ", b"\x1c", *map(bytearray, [b" \t\n", b"", b"\xa0\xe2", b"a ", b"\x1c"])]:
    show(receiver)
