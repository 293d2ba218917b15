# weak containers, proxies and finalizers
import gc
import weakref

class A:
    def __init__(self, n): self.n = n
    def hi(self): return f"hi {self.n}"
a = A(1)
p = weakref.proxy(a); print(p.n, p.hi())
m = weakref.WeakMethod(a.hi); print(m()())
s = weakref.WeakSet([a]); k = weakref.WeakKeyDictionary(); k[a] = "v"; print(len(s), a in s, k[a])
fin = weakref.finalize(a, print, "finalized"); print(fin.alive)
del a
gc.collect()
print(fin.alive, len(s), len(k), m())
try: p.n
except ReferenceError as e: print(e)
r = weakref.ref(A); print(r() is A, weakref.ref(A) is r)
