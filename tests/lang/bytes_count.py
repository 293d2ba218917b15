# bytes.count and bytearray.count over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.count(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b"banana", b"", b"aaaa", b"\xe2a\xe2", *map(bytearray, [b"banana", b"", b"aaaa", b"\xe2a\xe2"])]:
    show(receiver, b"a")
    show(receiver, b"")
    show(receiver, b"aa")
    show(receiver, b"a", 1, 4)
    show(receiver, 5)
    show(receiver, "str")
