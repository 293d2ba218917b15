# exec with separate locals, classes and closures
g, l = {}, {}
exec("a = 1\nclass C:\n  b = 2\ndef f(): return a", g, l)
print(sorted(l), l["C"].b if hasattr(l["C"], "b") else None)
try: l["f"]()
except NameError as e: print(e)
class M(dict):
    def __missing__(self, k): return f"<{k}>"
    def __getitem__(self, k): return dict.get(self, k) or self.__missing__(k)
print(eval("foo", {}, M()), eval("bar + baz", {}, M(bar="B")))
def f():
    x = 1
    exec("x = 2; y = 3")
    print(x, "y" in locals(), sorted(locals()))
    return eval("x + 10")
print(f())
code = (lambda: 5).__code__
print(eval(code), exec("q = 1; del q"))
def closure(n):
    return lambda: n
try: exec(closure(1).__code__)
except TypeError as e: print(e)
