# lambda expressions with defaults, stars and closures
f = lambda: 1
g = lambda x, y=2, *a, z=3, **k: (x, y, a, z, k)
print(f(), g(1), g(1, 5, 6, z=7, w=8), (lambda *, k: k)(k=4), (lambda a, /, b: a - b)(5, b=2))
adders = [lambda x, n=n: x + n for n in range(3)]
print([h(10) for h in adders], [h() for h in [lambda: n for n in range(3)]])
print((lambda: (yield))().__class__.__name__, f.__name__, f.__qualname__)
