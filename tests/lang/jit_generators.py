# Generators and coroutines that traces resume.
def gen(n):
    a = 1.5
    for i in range(n):
        a = a * 1.0001 + i
        yield i, a
def use(n):
    s = 0
    for i, a in gen(n):
        s += i + a
    return s
print(use(5000))
def inner(n):
    x = yield n
    y = yield n + 1
    return n * 2
def outer(n):
    for i in range(n):
        r = yield from inner(i)
        yield r
def use2(n):
    return sum([x for x in outer(n) if x is not None])
print(use2(3000))
def pipe(n):
    ev = (x for x in range(n) if x % 2 == 0)
    sq = (x * x for x in ev)
    t = 0
    for v in sq:
        t += v
    return t
print(pipe(9000))
async def leaf(i): return i + 1
async def mid(i):
    a = await leaf(i)
    b = await leaf(a)
    return a + b
class Y:
    def __await__(self):
        r = yield 3
        return r
async def main(n):
    t = 0
    for i in range(n):
        t += await mid(i)
        if i % 50 == 0: t += await Y()
    return t
c = main(3000)
try:
    v = c.send(None)
    while True: v = c.send(v)
except StopIteration as e:
    print(e.value)
def acc():
    total = 0
    while True:
        v = yield total
        total += v
g = acc(); next(g)
for i in range(5000): r = g.send(i)
print(r)
def tree(n):
    if n:
        yield from tree(n - 1)
        yield n
        yield from tree(n - 1)
print(sum(tree(10)))
def bad(n):
    for i in range(n):
        yield 10 // (i - 2000)
s = 0
try:
    for x in bad(3000): s += x
except ZeroDivisionError as e:
    import traceback
    print(s, ''.join(traceback.format_tb(e.__traceback__)).count('bad'))
def early(n):
    for k in range(n):
        for x in gen(6):
            if x[0] == 3: break
        else: print('no')
    return k
print(early(600))
