# str.isupper over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.isupper(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["ABC", "ABc", "", "A1", "1", "\u2160"]:
    show(receiver)
