# list.pop over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.pop(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [[], [1, 2, 1], [3, "b", 1.0, None], list(range(6))]:
    show(receiver)
    show(receiver, 0)
    show(receiver, -1)
    show(receiver, 50)
    show(receiver, "x")
