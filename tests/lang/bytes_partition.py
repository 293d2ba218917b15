# bytes.partition and bytearray.partition over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.partition(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b"a,b,c", b"abcabc", b"", b"\xe2,", *map(bytearray, [b"a,b,c", b"abcabc", b"", b"\xe2,"])]:
    show(receiver, b",")
    show(receiver, b"bc")
    show(receiver, b"")
    show(receiver, 5)
    show(receiver)
    show(receiver, "str")
