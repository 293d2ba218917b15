# str.rsplit over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.rsplit(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [" a b  c ", "a,b,,c", "", "x\u2003y z"]:
    show(receiver)
    show(receiver, ",")
    show(receiver, ",", 1)
    show(receiver, None, 1)
    show(receiver, "")
    show(receiver, maxsplit=2)
