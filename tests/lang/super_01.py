# super in odd places

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


class A:
    def f(self): return "A.f"
    @classmethod
    def c(cls): return "A.c " + cls.__name__
    @property
    def p(self): return "A.p"
    @staticmethod
    def s(): return "A.s"
class B(A):
    def f(self): return (lambda: super(B, self).f())() + "!"
    def g(self): return [super(B, self).f() for _ in range(2)]
    @classmethod
    def c(cls): return "B>" + super().c()
    @property
    def p(self): return "B>" + super().p
    def st(self): return super().s()
b = B()
print(b.f(), b.g(), B.c(), b.c(), b.p, b.st(), super(B, b).f(), super(B, B).c(), super(B, B).f(b))
print(repr(super(B, b)).split(" object")[0], super(B, b).__thisclass__, super(B, b).__self_class__)
err(lambda: super())
err(lambda: super(5))
err(lambda: super(B, 5))
err(lambda: super(B, b).zzz)
def f(self): return super()
err(lambda: f(b))
def g(): return super()
err(lambda: g())
err(lambda: super(B).__get__(b, B).f())
