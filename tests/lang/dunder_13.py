# __hash__ and __eq__ decide dictionary keys

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


class K:
    def __init__(self, v): self.v = v
    def __hash__(self): return 1
    def __eq__(self, o):
        return isinstance(o, K) and self.v == o.v
    def __repr__(self): return f"K{self.v}"
d = {K(i): i for i in range(5)}
print(d, d[K(3)], K(9) in d, d.pop(K(0)), list(d))
print(hash(-1), hash(1.0), hash(2 ** 61 - 1), hash(2 ** 61), hash(True), hash(0.5), hash(1j), hash(float("inf")), hash(-(2 ** 70)))
print(hash((1, 2)) == hash((1, 2)), hash("a") == hash("a"), hash(frozenset([1])) == hash(frozenset({1})))
err(lambda: hash([]))
err(lambda: hash({}))
err(lambda: hash((1, [])))
err(lambda: hash(slice(1)))
err(lambda: {set()})
class Big:
    def __hash__(self): return 2 ** 100
print(hash(Big()))
class M1:
    def __hash__(self): return -1
print(hash(M1()))
