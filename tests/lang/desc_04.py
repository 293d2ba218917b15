# __setattr__ and __delattr__ see every assignment

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


class A:
    def __setattr__(self, n, v):
        print("set", n, v)
        super().__setattr__(n, v)
    def __delattr__(self, n):
        print("del", n)
        object.__delattr__(self, n)
a = A(); a.x = 1; a.x += 1
del a.x
setattr(a, "y", 2)
delattr(a, "y")
try: del a.zz
except AttributeError as e: print(e)
def si(): (5).x = 1
def so(): object().x = 1
def st(): int.x = 1
def dt(): del int.real
for f in (si, so, st, dt): err(f)
