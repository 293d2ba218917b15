# bytes.zfill and bytearray.zfill over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.zfill(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b"42", b"-42", b"+7", b"", b"--1", b"abc", *map(bytearray, [b"42", b"-42", b"+7", b"", b"--1", b"abc"])]:
    show(receiver, 5)
    show(receiver, 0)
    show(receiver, -1)
    show(receiver, b"x")
    show(receiver)
    show(receiver, "str")
