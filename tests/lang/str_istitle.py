# str.istitle over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.istitle(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["Hello World", "Hello world", "", "HELLO", "1A", "\u01c5x"]:
    show(receiver)
