# error texts of calls with too many or unknown arguments

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


def f(): pass
def g(a): pass
def h(a, b=1): pass
def i(a, *, k): pass
def j(a, /, b): pass
err(lambda: f(1))
err(lambda: f(1, 2))
err(lambda: g(1, 2))
err(lambda: h(1, 2, 3))
err(lambda: h())
err(lambda: i(1, 2))
err(lambda: i(1, 2, k=3))
err(lambda: g(1, a=2))
err(lambda: g(b=1))
err(lambda: f(**{"x": 1}))
err(lambda: j(a=1, b=2))
err(lambda: j(1, 2, b=3))
