# with statements enter in order and leave in reverse
class M:
    def __init__(self, n, eat=False): self.n, self.eat = n, eat
    def __enter__(self): print("enter", self.n); return self.n
    def __exit__(self, t, v, tb): print("exit", self.n, t and t.__name__, v); return self.eat
with M(1) as a, M(2) as b: print(a, b)
with (M(3), M(4) as c,): print(c)
with M(5, True): raise ValueError("x")
try:
    with M(6), M(7): 1 / 0
except ZeroDivisionError as e: print("out", e)
def f():
    with M(8): return "ret"
print(f())
for i in range(2):
    with M(i):
        if i == 0: continue
        break
