# int.__index__ over small, big, negative and odd values


def show(receiver, *args, **kwargs):
    try:
        result = receiver.__index__(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [0, 1, -1, 255, -256, 2 ** 62, -2 ** 63, 2 ** 70, -10 ** 25, True]:
    show(receiver)
