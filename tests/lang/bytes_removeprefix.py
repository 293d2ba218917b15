# bytes.removeprefix and bytearray.removeprefix over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.removeprefix(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b"banana", b"", b"baba", *map(bytearray, [b"banana", b"", b"baba"])]:
    show(receiver, b"ba")
    show(receiver, b"")
    show(receiver, b"banana!")
    show(receiver, 5)
    show(receiver, "str")
