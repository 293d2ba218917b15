# str.title over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.title(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["hello world", "they're bill's", "ABC def", "1a b2c", "\u01c6x", ""]:
    show(receiver)
