# str.encode over ordinary and odd arguments


def show(receiver, *args, **kwargs):
    try:
        result = receiver.encode(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(repr(receiver), args, kwargs or "", "->", repr(result))


for receiver in ["abc", "h\xe9", "\u20ac\U0001f600", "", "\ud800"]:
    show(receiver)
    show(receiver, "ascii")
    show(receiver, "latin-1")
    show(receiver, "utf-16-le")
    show(receiver, "ascii", "replace")
    show(receiver, "ascii", "ignore")
    show(receiver, "ascii", "xmlcharrefreplace")
    show(receiver, "ascii", "backslashreplace")
    show(receiver, "nope")
    show(receiver, errors="strict")
    show(receiver, "utf-8", "surrogatepass")
