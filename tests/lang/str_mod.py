# str.__mod__ over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.__mod__(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["%d", "%s", "%r", "%5.2f|", "%x", "%(a)s", "%%", "%c", "%d %d", "%-5d|%+d", "%q", "%", "%*d", "%e", "%i", "%o %#o"]:
    show(receiver, 5)
    show(receiver, (5,))
    show(receiver, ())
    show(receiver, (1, 2))
    show(receiver, "x")
    show(receiver, {"a": 7})
    show(receiver, 1.5)
    show(receiver, [1])
