# int.__truediv__ over small, big, negative and odd values


def show(receiver, *args, **kwargs):
    try:
        result = receiver.__truediv__(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [0, 1, -1, 255, -256, 2 ** 62, -2 ** 63, 2 ** 70, -10 ** 25, True]:
    show(receiver, 7)
    show(receiver, -3)
    show(receiver, 10 ** 15)
    show(receiver, 0)
