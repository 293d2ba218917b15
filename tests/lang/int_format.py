# int.__format__ over small, big, negative and odd values


def show(receiver, *args, **kwargs):
    try:
        result = receiver.__format__(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [0, 1, -1, 255, -256, 2 ** 62, -2 ** 63, 2 ** 70, -10 ** 25, True]:
    show(receiver, "")
    show(receiver, "x")
    show(receiver, "#b")
    show(receiver, ",d")
    show(receiver, "_x")
    show(receiver, "+010d")
    show(receiver, "e")
    show(receiver, ".2%")
    show(receiver, "c")
    show(receiver, ">30,")
    show(receiver, "^30_b")
    show(receiver, ".2f")
    show(receiver, "z")
    show(receiver, ".3d")
    show(receiver, "n")
    show(receiver, "X")
    show(receiver, "#o")
