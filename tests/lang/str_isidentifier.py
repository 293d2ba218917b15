# str.isidentifier over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.isidentifier(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["abc", "1a", "", "_x1", "\xe9", "a-b", "class"]:
    show(receiver)
