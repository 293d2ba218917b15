# str.splitlines over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.splitlines(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["a\nb\r\nc\rd", "", "\n", "a\x0bb\x0cc\x1cd\x85e\u2028f", "x\n\n"]:
    show(receiver)
    show(receiver, True)
    show(receiver, keepends=True)
    show(receiver, 0)
