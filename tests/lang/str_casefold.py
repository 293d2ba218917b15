# str.casefold over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.casefold(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["HELLO", "\xdf", "\u1e9e", "\u03c2"]:
    show(receiver)
