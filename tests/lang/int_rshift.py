# int.__rshift__ over small, big, negative and odd values


def show(receiver, *args, **kwargs):
    try:
        result = receiver.__rshift__(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [0, 1, -1, 255, -256, 2 ** 62, -2 ** 63, 2 ** 70, -10 ** 25, True]:
    show(receiver, 1)
    show(receiver, 65)
    show(receiver, -1)
    show(receiver, 10 ** 30)
