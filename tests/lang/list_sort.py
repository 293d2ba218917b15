# list.sort over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.sort(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [[], [1, 2, 1], [3, "b", 1.0, None], list(range(6))]:
    show(receiver)
    show(receiver, reverse=True)
    show(receiver, key=str)
    show(receiver, key=5)
    show(receiver, None)
    show(receiver, key=None)
