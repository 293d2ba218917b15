# bytes.strip and bytearray.strip over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.strip(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b" ab c \n", b"aabbcabab", b"", b"\xe2x\xa0", *map(bytearray, [b" ab c \n", b"aabbcabab", b"", b"\xe2x\xa0"])]:
    show(receiver)
    show(receiver, None)
    show(receiver, b"ab")
    show(receiver, b"\n ")
    show(receiver, 5)
    show(receiver, b"")
    show(receiver, "str")
