# Loops over a module's own names: read, bound, deleted, frozen constants rewritten; exec with a namespace of its own.
total = 0
for i in range(400):
    total += i
print(total, i)

k = 0
while k < 500:
    k += 1
    if k == 450:
        del total
    if k == 460:
        try:
            total
        except NameError as e:
            print(e)
        total = -1
print(k, total)


def f():
    return 1


out = []
for n in range(600):
    out.append(f())
    if n == 300:
        def f():
            return 2
    if n == 500:
        f = lambda: 3
print([out.count(v) for v in (1, 2, 3)])

for n in range(300):
    if n == 250:
        len = lambda x: "mine"
    size = len([n])
del len
print(size, len([1]))

source = """
total = start
for i in range(300):
    total = total + i
    shadow = min(i, 3)
result = total
"""
code = compile(source, "<source>", "exec")
for start in range(3):
    outer = {"start": start, "min": lambda a, b: a}
    inner = {"total": 5}
    exec(code, outer)
    print(outer["result"], outer["shadow"], end=" ")
    outer = {"start": start}
    exec(code, outer, inner)
    print("result" in outer, inner["result"], inner["shadow"])


class Body:
    total = 0
    for j in range(300):
        total += j
    names = sorted(n for n in ("j", "total") if n)


print(Body.total, Body.j, Body.names)


class Space(dict):
    def __missing__(self, key):
        if key in ("range", "min"):
            raise KeyError(key)
        return 7


space = Space(start=1)
exec(code, {}, space)
print(space["result"])


def rebinds(n):
    global counter
    counter = 0
    for i in range(n):
        counter += i
        if i == n - 3:
            del counter
            counter = "x" if i % 2 else 0.5
            counter = 0
    return counter


print(rebinds(50), rebinds(400), counter)
import threading


def bump(n):
    global shared
    for _ in range(n):
        with lock:
            shared += 1


shared, lock = 0, threading.Lock()
threads = [threading.Thread(target=bump, args=(500,)) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(shared)
