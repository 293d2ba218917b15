# int.to_bytes over small, big, negative and odd values


def show(receiver, *args, **kwargs):
    try:
        result = receiver.to_bytes(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [0, 1, -1, 255, -256, 2 ** 62, -2 ** 63, 2 ** 70, -10 ** 25, True]:
    show(receiver)
    show(receiver, 8)
    show(receiver, 2, "little")
    show(receiver, 4, "big", signed=True)
    show(receiver, 0)
    show(receiver, -1)
    show(receiver, 8, "x")
    show(receiver, length=9, byteorder="little", signed=True)
