# __del__ runs when the last reference goes, after a collection
# skip: jit-check (stale words in the native frames of the first run keep an object that should die)
import gc

class A:
    def __init__(self, n): self.n = n
    def __del__(self): print("del", self.n)
def f():
    a = A(1)
    return a.n
f()
gc.collect()
x = A(2)
x = None
gc.collect()
print("end of test")
