# type() with three arguments and its errors

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


T = type("T", (int,), {"x": 1, "f": lambda self: self + 1})
print(T(4).f(), T.x, T.__name__, T.__module__, T.__bases__)
err(lambda: type("T", (), {}, 5))
err(lambda: type(1, (), {}))
err(lambda: type("T", [], {}))
err(lambda: type("T", (), []))
err(lambda: type("T", (5,), {}))
err(lambda: type("T", (), {}, z=1))
err(lambda: type())
err(lambda: type(1, 2))
err(lambda: type("a\0b", (), {}))
err(lambda: type(type)(5))
err(lambda: type("T", (bool,), {}))
