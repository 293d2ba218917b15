# tuple behaviour

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


t = (1, 2, 3, 2)
print(t.index(2), t.count(2), t + (4,), t * 2, t[1:], t[::-1], 2 in t, (1, 2) < (1, 3), (1,) < (1, 0), () < (1,), t == [1, 2, 3, 2], hash(t) == hash((1, 2, 3, 2)), tuple("ab"), tuple([1]), tuple(), tuple({1: 2}), repr((1,)), repr(()), tuple(t) is t, t[:] is t, t * 1 is t)
err(lambda: t.index(9))
err(lambda: t.index(2, 2), t.index(2, -1))
err(lambda: t.index(1, 1))
err(lambda: t + [1])
err(lambda: t * "a")
err(lambda: t[10])
err(lambda: t["a"])
err(lambda: tuple(5))
err(lambda: tuple(1, 2))
err(lambda: (1, "a") < (1, 2))
err(lambda: (1, 2) < 5)
err(lambda: t.append)
def f(): t[0] = 1
def g(): del t[0]
err(f); err(g)
class T(tuple):
    def __new__(cls, *a): return super().__new__(cls, a)
x = T(1, 2); x.name = "n"
print(x, x.name, x + (3,), type(x[:]).__name__, x == (1, 2), {x: 1}[(1, 2)])
