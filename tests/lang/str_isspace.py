# str.isspace over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.isspace(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [" \t\n", "", "\xa0\u2003", "a ", "\x1c"]:
    show(receiver)
