# yield from delegates values, sends, throws and return values

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


def inner():
    try:
        x = yield "i1"
        print("inner got", x)
        yield "i2"
    except ValueError as e:
        print("inner caught", e)
        yield "i3"
    return "inner result"
def outer():
    r = yield from inner()
    print("r =", r)
    r2 = yield from [1, 2]
    print("r2 =", r2)
    return (yield from "x")
print(list(outer()))
o = outer()
print(next(o), o.send("sent"), o.throw(IndexError("e")) if False else o.throw(ValueError("v")), next(o), o.gi_yieldfrom is not None)
try: o.send(5)
except AttributeError as e: print(e)
def y5(): yield from 5
err(lambda: list(y5()))
class It:
    def __iter__(self): return self
    def __next__(self): return 1
    def throw(self, *a): print("throw", a[0]); return "thrown"
    def send(self, v): return ("sent", v)
    def close(self): print("closed")
def d(): yield from It()
k = d(); print(next(k), k.send(3), k.throw(KeyError)); k.close()
