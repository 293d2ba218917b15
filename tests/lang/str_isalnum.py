# str.isalnum over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.isalnum(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["a1", "", "a b", "\xbd", "_"]:
    show(receiver)
