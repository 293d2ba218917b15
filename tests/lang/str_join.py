# str.join over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.join(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [",", "", "\u20ac", "--"]:
    show(receiver, "abc")
    show(receiver, ["a", "b"])
    show(receiver, [])
    show(receiver, ["x"])
    show(receiver, ["a", 5])
    show(receiver, 5)
    show(receiver, ("p", "\u20ac"))
    show(receiver, range(2))
    show(receiver, {"k": 1})
