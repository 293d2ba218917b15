# str.rjust over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.rjust(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["ab", "\xe9", ""]:
    show(receiver, 5)
    show(receiver, 10, "*")
    show(receiver, 1)
    show(receiver, 5, 3)
