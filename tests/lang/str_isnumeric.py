# str.isnumeric over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.isnumeric(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["123", "", "\xb2", "\u4e00", "\xbd"]:
    show(receiver)
