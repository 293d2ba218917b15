# rich comparisons and their defaults

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


class V:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return self.n == o.n if isinstance(o, V) else NotImplemented
    def __lt__(self, o): return self.n < o.n if isinstance(o, V) else NotImplemented
a, b = V(1), V(2)
print(a == V(1), a != V(1), a != b, a < b, a > b, a == 5, a != 5, sorted([b, a])[0] is a, max(a, b) is b)
err(lambda: a < 5)
err(lambda: a <= b)
err(lambda: hash(a))
class W(V): __hash__ = V.__hash__
err(lambda: hash(W(1)))
class X(V):
    def __hash__(self): return hash(self.n)
print({X(1): "x"}[X(1)], hash(X(5)), len({X(1), X(1), X(2)}))
class E:
    def __eq__(self, o): return [1, 2]
print(E() == 1, E() != 1, E() in [0], [E()] == [5])
