# What traces record of calls, iteration, containers and f-strings.
def f(n):
    t = 0
    for i, x in enumerate(list(range(n))):
        for j in range(3):
            t += i * x + j
    return t
print(f(3000))
def g(n):
    d = {}
    for i in range(n):
        k = (i % 7, 'a%d' % (i % 3))
        d[k] = d.get(k, 0) + 1
    s = 0
    for (a, b), v in d.items():
        s += a * v + len(b)
    return s, sorted(d.items())[:3]
print(g(5000))
def h(n, *rest, k=3, **kw): return n + k + len(rest)
def loop(n):
    s = 0
    for a, b in zip(range(n), [1.5] * n):
        s += h(a, 1, 2, k=4) + b
        if a in (3, 4, 5): s += 100
        if not a % 100: s -= max(a, 7)
    return s
print(loop(4000))
def k2(n, *rest, k=3): return n + k + len(rest)
def loop2(n):
    s = 0
    for a, b in zip(range(n), [1.5] * n):
        s += k2(a, 1, 2, k=4) + b
        s += k2(a)
        if a in (3, 4, 5): s += 100
        if not a % 100: s -= max(a, 7)
        x = [a, b, s]
        p, q, r = x
        s += isinstance(a, (str, int)) + abs(-p)
        z = f'{a}-{b:.2f}'
        s += len(z) + len(z[1:3])
    return s
print(loop2(4000))
import math
class P:
    def __init__(self, x, y=2): self.x = x; self.y = y
    @property
    def r(self): return math.sqrt(self.x * 1.0 + self.y)
    def __getitem__(self, i): return self.x + i
def loop3(n):
    s = 0.0
    for i in range(n):
        p = P(i)
        q = P(i, y=5)
        s += p.r + q[2] + P.__name__.__len__()
        f = lambda z: z + i
        s += f(3)
        g = p.__getitem__
        s += g(4)
    return s
print(loop3(3000))
