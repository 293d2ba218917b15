# divmod, pow with three arguments and matmul through user classes

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


class P:
    def __pow__(self, e, m=None): return ("pow", e, m)
    def __rpow__(self, b, m=None): return ("rpow", b, m)
    def __ipow__(self, e): return ("ipow", e)
    def __divmod__(self, o): return ("divmod", o)
    def __rdivmod__(self, o): return ("rdivmod", o)
p = P()
print(p ** 2, pow(p, 2), pow(p, 2, 3), 2 ** p, divmod(p, 1), divmod(1, p))
q = p; q **= 4
print(q)
err(lambda: pow(2, p, 3))
err(lambda: pow(2, 3, p))
err(lambda: divmod("a", 1))
err(lambda: pow("a", 2))
err(lambda: pow(2, 3, "x"))
err(lambda: pow(2.0, 3, 5))
err(lambda: pow(2, -1, 4))
err(lambda: pow(2, 3, 0))
print(pow(3, -1, 7), pow(2, 100, 1000007), pow(-3, 5, 7), pow(5, 3, -7), pow(0, 0), pow(0, 0, 1), pow(base=2, exp=3, mod=5))
