# str.islower over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.islower(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["abc", "ABc", "", "a1", "1", "\xaa"]:
    show(receiver)
