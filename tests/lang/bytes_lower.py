# bytes.lower and bytearray.lower over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.lower(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b"HELLO", b"\xe2", b"\xe2", b"A\xe2", b"A\xe2 B", b"\xe2", *map(bytearray, [b"HELLO", b"\xe2", b"\xe2", b"A\xe2", b"A\xe2 B", b"\xe2"])]:
    show(receiver)
