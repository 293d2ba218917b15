# __getattr__ runs only when the normal way fails
class A:
    x = 1
    def __getattr__(self, n):
        if n == "bad": raise AttributeError("custom " + n)
        return "got " + n
a = A()
print(a.x, a.y, hasattr(a, "bad"), getattr(a, "bad", "dflt"))
try: a.bad
except AttributeError as e: print(e)
class B:
    def __getattribute__(self, n):
        if n == "z": return 26
        return super().__getattribute__(n)
    @property
    def p(self): raise AttributeError("inside p")
b = B(); b.q = 3
print(b.z, b.q)
try: b.p
except AttributeError as e: print(e)
class C(B):
    def __getattr__(self, n): return "fallback " + n
print(C().p, C().other)
