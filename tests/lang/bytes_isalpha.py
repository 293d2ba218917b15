# bytes.isalpha and bytearray.isalpha over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.isalpha(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b"abc", b"", b"ab1", b"\xe9\xe2", b"\xe2", b" ", *map(bytearray, [b"abc", b"", b"ab1", b"\xe9\xe2", b"\xe2", b" "])]:
    show(receiver)
