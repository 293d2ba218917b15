# str.format over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.format(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["{}", "{0}{0}", "{a}", "{0[0]}", "{a[0]!r:>4}", "{{}}", "{", "}", "{0.real}", "{:{}}", "{!x}", "{0}{}", "{a.b}"]:
    show(receiver)
    show(receiver, 1)
    show(receiver, 1, 2, 3)
    show(receiver, a=1)
    show(receiver, *"xyz", a=[5])
