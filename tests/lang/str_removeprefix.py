# str.removeprefix over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.removeprefix(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["banana", "", "baba"]:
    show(receiver, "ba")
    show(receiver, "")
    show(receiver, "banana!")
    show(receiver, 5)
