# set.__sub__ over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.__sub__(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in [set(), {1, 2, 3}, {5}, frozenset([1, 2, 3])]:
    show(receiver, {1})
    show(receiver, [1])
