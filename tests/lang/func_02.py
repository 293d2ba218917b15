# error texts of calls with too few arguments

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


def f(a, b, c): pass
def g(a, *, k, l): pass
def h(a, b=1): pass
def p(a, b, /): pass
err(lambda: f())
err(lambda: f(1))
err(lambda: f(1, 2))
err(lambda: f(b=1))
err(lambda: g())
err(lambda: g(1))
err(lambda: g(1, k=1))
err(lambda: h())
err(lambda: p(1))
err(lambda: p())
