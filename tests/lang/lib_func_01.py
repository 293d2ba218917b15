# functools: partial, reduce, wraps, lru_cache, cmp_to_key, total_ordering
import functools

p = functools.partial(lambda *a, **k: (a, k), 1, x=2)
print(p(3, y=4), p.args, p.keywords, functools.reduce(lambda a, b: a * b, range(1, 6)), functools.reduce(lambda a, b: a + b, [], 5))
try: functools.reduce(lambda a, b: a, [])
except TypeError as e: print(e)
calls = []
@functools.lru_cache(maxsize=2)
def f(n):
    "doc f"
    calls.append(n)
    return n * n
print([f(i) for i in (1, 2, 1, 3, 2)], calls, f.cache_info(), f.__doc__, f.__wrapped__.__name__)
f.cache_clear(); print(f.cache_info())
@functools.cache
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(80))
print(sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a)))
@functools.total_ordering
class T:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __lt__(self, o): return self.v < o.v
print(T(1) <= T(1), T(2) > T(1), T(1) >= T(2))
@functools.singledispatch
def show(x): return "object"
@show.register
def _(x: int): return "int"
@show.register(list)
def _(x): return "list"
print(show("a"), show(1), show([]), show(True))
class C:
    @functools.cached_property
    def v(self): print("computed"); return 5
    m = functools.partialmethod(lambda self, a, b: (a, b), 1)
c = C(); print(c.v, c.v, c.__dict__, c.m(2))
