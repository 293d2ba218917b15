# mistakes suggest nothing in the message but name the callable

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


class C:
    def m(self, a): pass
    @staticmethod
    def s(a): pass
    @classmethod
    def c(cls, a): pass
    def __init__(self, x=1): pass
    def __call__(self, y): pass
err(lambda: C().m())
err(lambda: C().m(1, 2))
err(lambda: C.m())
err(lambda: C.s())
err(lambda: C.c())
err(lambda: C(1, 2))
err(lambda: C(z=1))
err(lambda: C()())
err(lambda: (lambda a: a)())
err(lambda: 5())
err(lambda: "x"())
err(lambda: None())
err(lambda: C.nope())
