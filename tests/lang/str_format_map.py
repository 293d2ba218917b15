# str.format_map over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.format_map(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["{a}", "{b}", "{a[1]}", "{}", "plain"]:
    show(receiver, {"a": 1})
    show(receiver, {})
    show(receiver, {"a": [1, 2]})
    show(receiver, 5)
