# getattr, setattr, hasattr, delattr, isinstance and type checks

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


class A: x = 1
a = A()
setattr(a, "y z", 5)
print(getattr(a, "x"), getattr(a, "q", None), getattr(a, "y z"), hasattr(a, "x"), hasattr(a, "q"))
delattr(a, "y z")
err(lambda: getattr(a, "q"))
err(lambda: getattr(a, 5))
err(lambda: getattr(a))
err(lambda: setattr(a, 5, 1))
err(lambda: setattr(a, "b"))
err(lambda: hasattr(a, 5))
err(lambda: delattr(a, "q"))
err(lambda: delattr(5, "real"))
err(lambda: setattr(5, "x", 1))
err(lambda: isinstance(1, (int, (str, (float,)))))
err(lambda: isinstance())
err(lambda: issubclass(bool, (str, int)))
err(lambda: type(a) is A, type(A), type(None), type(NotImplemented), type(...))
err(lambda: type(None)())
err(lambda: type(...)(), type(NotImplemented)())
err(lambda: bool(NotImplemented) if False else "deprecated")
