# set.__xor__ over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.__xor__(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [set(), {1, 2, 3}, {5}, frozenset([1, 2, 3])]:
    show(receiver, {1, 9})
    show(receiver, "a")
