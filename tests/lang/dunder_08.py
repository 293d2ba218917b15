# containers: len, getitem, setitem, delitem, contains, missing, reversed

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


class C:
    def __init__(self): self.d = {}
    def __len__(self): return len(self.d)
    def __getitem__(self, k):
        print("get", k)
        return self.d[k]
    def __setitem__(self, k, v): print("set", k, v); self.d[k] = v
    def __delitem__(self, k): print("del", k); del self.d[k]
    def __contains__(self, k): return k in ("magic",)
    def __reversed__(self): return iter("rev")
c = C()
print(bool(c), len(c))
c[1] = 2; c[2] = c[1]
c[1] += 5
print(c.d[1], "magic" in c, 1 in c, list(reversed(c)))
del c[1]
class D(dict):
    def __missing__(self, k): return f"missing {k}"
d = D(a=1)
print(d["a"], d["b"], d.get("b"), "b" in d, len(d))
err(lambda: 5[0])
err(lambda: None["x"])
err(lambda: object()[0])
def f(): (1, 2)[0] = 5
def g(): "abc"[0] = "x"
def h(): del (1, 2)[0]
def i(): object()[0] = 1
for k in (f, g, h, i): err(k)
