# range objects

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


r = range(10, 0, -3)
print(r, list(r), len(r), r[0], r[-1], r[1:], r[::-1], 7 in r, 8 in r, 7.0 in r, "x" in r, r.index(4), r.count(4), r.count(5), r.start, r.stop, r.step)
print(range(0) == range(5, 5), range(1, 4) == range(1, 4, 1), hash(range(3)) == hash(range(0, 3)), range(0, 5, 2) == range(0, 6, 2), bool(range(0)), list(reversed(range(5))))
b = range(10 ** 30, 10 ** 30 + 5, 2)
print(b, list(b), len(b), b[-1], 10 ** 30 + 2 in b, b[1:])
err(lambda: range())
err(lambda: range(1, 2, 0))
err(lambda: range(1.5))
err(lambda: range("a"))
err(lambda: range(5)[5])
err(lambda: range(5)["x"])
err(lambda: range(5).index(9))
err(lambda: len(range(10 ** 30)))
err(lambda: range(1, 2, 3, 4))
err(lambda: range(stop=5))
def f(): range(3)[0] = 1
err(f)
it = iter(range(3)); next(it); print(it.__length_hint__(), list(it))
