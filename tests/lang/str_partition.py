# str.partition over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.partition(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["a,b,c", "abcabc", "", "\u20ac,"]:
    show(receiver, ",")
    show(receiver, "bc")
    show(receiver, "")
    show(receiver, 5)
    show(receiver)
