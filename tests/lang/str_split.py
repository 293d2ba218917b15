# str.split over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.split(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [" a b  c ", "a,b,,c", "", "banana", "x\u2003y\tz"]:
    show(receiver)
    show(receiver, " ")
    show(receiver, ",")
    show(receiver, ",", 1)
    show(receiver, None, 1)
    show(receiver, "")
    show(receiver, 5)
    show(receiver, sep="a")
    show(receiver, maxsplit=1)
    show(receiver, "", -1)
