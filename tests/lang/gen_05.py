# generators keep locals and finally blocks across yields
def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b
f = fib()
print([next(f) for _ in range(15)])
def tree(t):
    if isinstance(t, list):
        for x in t: yield from tree(x)
    else: yield t
print(list(tree([1, [2, [3, [4]], 5], [], [[6]]])))
def perms(s):
    if not s: yield ()
    for i, x in enumerate(s):
        for p in perms(s[:i] + s[i + 1:]): yield (x, *p)
print(["".join(p) for p in perms("abc")])
def nested():
    for i in range(2):
        try:
            yield i
        finally: print("fin", i)
n = nested()
for v in n: print(v); break
n.close()
print([v for v in nested()])
