# class and instance attributes
class A:
    n = 0
    lst = []
    def inc(self): self.n += 1
a, b = A(), A()
a.inc(); a.inc(); a.lst.append(1)
print(a.n, b.n, A.n, b.lst, a.__dict__, b.__dict__)
A.n = 10
print(a.n, b.n)
del a.n
print(a.n)
try: del a.n
except AttributeError as e: print(e)
A.new = lambda self: "new"
print(a.new(), sorted(k for k in vars(A) if not k.startswith("__")))
