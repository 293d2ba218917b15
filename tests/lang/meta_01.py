# a metaclass sees creation, calls and attributes
class M(type):
    @classmethod
    def __prepare__(m, name, bases, **k):
        print("prepare", name, bases, k)
        return {"prepared": True}
    def __new__(m, name, bases, ns, **k):
        print("new", name, sorted(x for x in ns if not x.startswith("__")))
        return super().__new__(m, name, bases, ns)
    def __init__(cls, name, bases, ns, **k):
        print("init", name, k)
        super().__init__(name, bases, ns)
    def __call__(cls, *a):
        print("call", a)
        return super().__call__(*a)
    def __repr__(cls): return f"<M {cls.__name__}>"
class A(metaclass=M, opt=1):
    def __init__(self, x): self.x = x
print(A(5).x, A, A.prepared, type(A))
class B(A): y = 1
print(B)
