# dict.__or__ over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.__or__(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [{}, {1: "a", "k": [2]}, {i: i * i for i in range(4)}]:
    show(receiver, {9: 9})
    show(receiver, [(1, 2)])
    show(receiver, 5)
