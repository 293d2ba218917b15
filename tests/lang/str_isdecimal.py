# str.isdecimal over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.isdecimal(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["123", "", "\xb2", "\u0661", "\uff11"]:
    show(receiver)
