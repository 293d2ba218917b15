# sorting is stable and survives odd keys
data = [(i % 3, i) for i in range(20)]
print(sorted(data, key=lambda t: t[0]), sorted(data, key=lambda t: t[0], reverse=True)[:8])
class K:
    def __init__(self, v): self.v = v
    def __lt__(self, o): return self.v < o.v
    def __repr__(self): return f"K{self.v}"
print(sorted([K(3), K(1), K(2)]), sorted([K(1), K(2)], reverse=True))
l = [5, 3, 1]
def bad(x):
    l.append(1)
    return x
try: l.sort(key=bad)
except ValueError as e: print(e)
l = [3, 2, 1]
def seen(x): return (len(l), x)[1]
l.sort(key=seen); print(l)
l = [1, 2, "a", 0]
try: l.sort()
except TypeError as e: print(e, sorted(map(str, l)))
big = [(i * 7919) % 1009 for i in range(2000)]
s = sorted(big)
print(s == sorted(big, key=lambda x: x), all(a <= b for a, b in zip(s, s[1:])), s[:5], s[-5:])
print(sorted([float("nan"), 1.0, 0.5])[1:], sorted(["b", "B", "a", "\u20ac", "\xe9"]))
