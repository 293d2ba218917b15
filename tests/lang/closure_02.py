# class bodies do not close over their names for methods
x = "global"
class C:
    x = "class"
    y = [x for _ in range(1)]
    def m(self): return x
    z = (lambda: x)()
print(C().m(), C.y, C.z)
def f():
    x = "local"
    class D:
        print(x)
        x = "class"
        print(x)
        def m(self): return x
    return D().m()
print(f())
def g():
    v = 1
    class E:
        v = v
        w = [v for _ in "ab"]
    return E.v, E.w
try: print(g())
except NameError as e: print(e)
