# dict.update over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.update(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [{}, {1: "a", "k": [2]}, {i: i * i for i in range(4)}]:
    show(receiver, {1: 5})
    show(receiver, [(7, 8)])
    show(receiver, x=1)
    show(receiver, [(1,)])
    show(receiver, [5])
    show(receiver, 5)
    show(receiver, {1: 2}, {3: 4})
    show(receiver, ["ab"])
    show(receiver, [(1, 2), (3, 4)], q=9)
