# errors of star arguments in calls

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


def f(*a, **k): return a, k
err(lambda: f(*5))
err(lambda: f(**5))
err(lambda: f(**{1: 2}))
err(lambda: f(a=1, **{"a": 2}))
err(lambda: f(*[1], **{"x": 1}, **{"x": 2}))
err(lambda: f(*iter("ab"), *range(2), c=3))
err(lambda: len(**{"x": 1}))
err(lambda: f(*None))
