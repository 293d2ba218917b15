# A `global` in a nested function makes the name explicitly global in the module's code as well; that shows when the
# code runs with locals of its own.
SOURCE = """
def f():
    y = 1
    def g():
        global y
        return y
    def h():
        return y + 1
    return g, h
y = 9
g, h = f()
results = g(), h()
z = [w := 3 for _ in 'a']
"""
outer, inner = {}, {}
exec(SOURCE, outer, inner)
print(sorted(k for k in outer if not k.startswith("__")), sorted(inner), inner["results"])
