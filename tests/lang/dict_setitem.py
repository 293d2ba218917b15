# dict.__setitem__ over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.__setitem__(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [{}, {1: "a", "k": [2]}, {i: i * i for i in range(4)}]:
    show(receiver, 1, "new")
    show(receiver, [], 1)
    show(receiver, "k", "v")
