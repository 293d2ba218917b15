# __getattr__ on classes, __dir__ and vars

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


class A:
    def __init__(self): self.b, self.a = 1, 2
    def __dir__(self): return ["z", "y", "a"]
a = A()
print(dir(a), vars(a), vars(A)["__init__"] is A.__init__)
err(lambda: vars(5))
err(lambda: vars(object()))
class B:
    x = 1
    def m(self): pass
b = B(); b.q = 1
print([n for n in dir(b) if not n.startswith("__")], [n for n in dir(object())])
m = type(print)
print(m.__name__, dir(5)[:3], len(dir(B())) > 20)
