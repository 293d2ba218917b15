# dict.copy over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.copy(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [{}, {1: "a", "k": [2]}, {i: i * i for i in range(4)}]:
    show(receiver)
