# weak references die after a collection
import gc
import weakref

class A: pass
a = A()
r = weakref.ref(a)
print(r() is a, weakref.getweakrefcount(a))
log = []
r2 = weakref.ref(a, lambda ref: log.append(ref is r2))
del a
gc.collect()
print(r(), log)
d = weakref.WeakValueDictionary()
k = A(); d["k"] = k
print(len(d), "k" in d)
del k
gc.collect()
print(len(d), list(d))
try: weakref.ref(5)
except TypeError as e: print(e)
