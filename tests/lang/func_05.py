# default values are evaluated once at definition
def f(x, acc=[]):
    acc.append(x)
    return acc
print(f(1), f(2), f(3, []), f.__defaults__)
n = 5
def g(a=n, *, b=n + 1): return a, b
n = 100
print(g())
g.__defaults__ = (7,)
g.__kwdefaults__ = {"b": 8}
print(g())
g.__defaults__ = None
try: g()
except TypeError as e: print(e)
