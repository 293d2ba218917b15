# function attributes and their errors

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


def f(a, b=1):
    "doc text"
f.x = 5
print(f.__name__, f.__qualname__, f.__doc__, f.__module__, f.__dict__, f.x)
f.__name__ = "g"
f.__qualname__ = "Q.g"
print(f.__name__, repr(f).split(" at ")[0])
def setname(): f.__name__ = 5
def setcode(): f.__code__ = 5
def setdef(): f.__defaults__ = 5
err(setname); err(setcode); err(setdef)
def k(a, b=2): return ("k", a, b)
f.__code__ = k.__code__
print(f(1))
del f.x
err(lambda: f.x)
err(lambda: f.__closure__)
