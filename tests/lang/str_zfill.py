# str.zfill over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.zfill(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["42", "-42", "+7", "", "--1", "abc"]:
    show(receiver, 5)
    show(receiver, 0)
    show(receiver, -1)
    show(receiver, "x")
    show(receiver)
