# bytes.rpartition and bytearray.rpartition over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.rpartition(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [b"a,b,c", b"abcabc", b"", b"\xe2,", *map(bytearray, [b"a,b,c", b"abcabc", b"", b"\xe2,"])]:
    show(receiver, b",")
    show(receiver, b"bc")
    show(receiver, b"")
    show(receiver, None)
    show(receiver, "str")
