# globals, locals, vars and dir at every level
def f(a, b=2):
    c = 3
    print(sorted(locals()), locals()["c"], globals() is f.__globals__)
    d = locals()
    d["a"] = 99
    return a
print(f(1))
globals()["made_up"] = 5
print(made_up, locals() is globals(), vars() is globals())
class C:
    x = 1
    print("x" in locals(), locals() is not globals(), sorted(k for k in vars() if k[0] != "_"))
def g():
    l = [locals() for _ in range(1)]
    return sorted(k for k in l[0])
print(g())
def h(n):
    def k(): return n, sorted(locals())
    return k()
print(h(5))
