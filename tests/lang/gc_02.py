# cycles with __del__ are collected once
# skip: jit-check (stale words in the native frames of the first run keep an object that should die)
import gc

class N:
    def __init__(self, name): self.name = name
    def __del__(self): print("del", self.name)
a, b = N("a"), N("a")
a.o, b.o = b, a
del a, b
gc.collect()
gc.collect()
saved = []
class Z:
    def __del__(self): saved.append(self)
z = Z(); del z
gc.collect()
print(len(saved), type(saved[0]).__name__)
saved.clear()
gc.collect()
print(len(saved))
