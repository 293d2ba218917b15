# str.strip over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.strip(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [" ab c \n", "aabbcabab", "", "\u2003x\xa0"]:
    show(receiver)
    show(receiver, None)
    show(receiver, "ab")
    show(receiver, "\n ")
    show(receiver, 5)
    show(receiver, "")
