# str.capitalize over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.capitalize(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["hELLO wORLD", "\xdfx", "\u01c6a", "", "1ab"]:
    show(receiver)
