# Operators written in Python, with, locks, super(), class methods and natives in traces.
import threading
class V:
    __slots__ = ('x', 'y')
    def __init__(self, x, y): self.x, self.y = x, y
    def __add__(self, o):
        if not isinstance(o, V): return NotImplemented
        return V(self.x + o.x, self.y + o.y)
    def __radd__(self, o): return V(self.x + o, self.y + o)
    def __mul__(self, k): return V(self.x * k, self.y * k)
    def __rmul__(self, k): return V(self.x * k, self.y * k)
    def __iadd__(self, o):
        self.x += o.x
        return self
    def __eq__(self, o): return isinstance(o, V) and self.x == o.x
    def __lt__(self, o): return self.x < o.x
    def __sub__(self, o): return NotImplemented
    def __repr__(self): return 'V(%r, %r)' % (self.x, self.y)
class W(V):
    __slots__ = ()
    def __radd__(self, o): return 'W'
    def __rsub__(self, o): return 'rs'
def ops(n):
    p = V(0.0, 1.0)
    c = 0
    for i in range(n):
        q = V(i, 2.0)
        p = p + q * 0.5 + 2 * q
        p += q
        if q < p: c += 1
        if p == q: c += 1
        c += (q == V(i, 0)) + (q != q)
        try:
            q - 3
        except TypeError as e:
            c += len(str(e))
    return p, c
print(ops(3000))
print(V(1, 2) + W(3, 4), V(1, 1) - W(1, 1), 3 + V(1, 2))
def bad(n):
    r = []
    for i in range(n):
        try:
            r.append(V(i, i) + (i if i % 500 == 0 else V(1, 1)))
        except TypeError as e:
            r.append(str(e))
    return r[0], r[500], len(r)
print(bad(1500))
lock = threading.Lock()
rlock = threading.RLock()
class M:
    def __init__(self): self.n = 0
    def __enter__(self): self.n += 1; return self
    def __exit__(self, t, v, tb): self.n += 10; return t is ValueError
def withs(n):
    t = 0
    m = M()
    for i in range(n):
        with lock:
            t += i
        with rlock, m as k:
            t += k.n
        with m:
            if i % 100 == 0: raise ValueError(i)
            t += 1
        lock.acquire()
        try:
            t += 1
        finally:
            lock.release()
    return t, m.n, lock.locked()
print(withs(3000))
class A:
    def __init__(self, a): self.a = a
    def area(self): return self.a
    @staticmethod
    def st(x): return x + 1
    @classmethod
    def make(cls, x): return cls(x)
class B(A):
    def __init__(self, a, b):
        super().__init__(a)
        self.b = b
    def area(self): return super().area() * self.b
    @classmethod
    def make(cls, x): return cls(x, 2)
def oo(n):
    t = 0
    for i in range(n):
        t += B(i, 3).area() + A.st(i) + B.make(i).a + A.make(2).st(4)
    return t
print(oo(3000))
def kw(n, **k): return n + sum(k.values())
def misc(n):
    t = 0
    ba = bytearray(10)
    l = list(range(20))
    for i in range(n):
        t += kw(i, a=1, b=2) + max(l) + sum(l) + min(i, 3, 2) + len(sorted(l))
        ba[i % 10] = i % 256
        l[2:4] = [i, i]
        x = (i << 50) & 0xFFFFFFFFFFFFFFFF
        t ^= x
        if (i, 2) < (5, i): t += 1
        if l[:3] == [0, 1, i]: t += 3
        t += -7 // (i + 1) + (5 % -3) + (i * 12345678901 * 98765432109) % 1000003
    return t, bytes(ba), l[:5]
print(misc(3000))
s = set()
o = [object() for i in range(10)]
def objs(n):
    c = 0
    d = {}
    for i in range(n):
        k = o[i % 10]
        d[k] = d.get(k, 0) + i
        if k in d: c += 1
        s.add(k)
    return c, len(s), sorted(d.values())
print(objs(3000))
def strs(n):
    t = 0
    for i, ch in enumerate('hello world' * n):
        for c2 in 'ab':
            if ch < c2: t += i
    return t
print(strs(200))
