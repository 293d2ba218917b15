# loops capture variables, not values
fs = []
for i in range(3):
    def f(): return i
    fs.append(f)
print([f() for f in fs])
def make():
    r = []
    for i in range(3):
        def g(i=i): return i
        r.append((lambda: i, g))
    return [(a(), b()) for a, b in r]
print(make())
print([f() for f in [lambda: j for j in "abc"]])
