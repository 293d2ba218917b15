# iter with a sentinel and exhausted iterators

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


n = 0
def f():
    global n
    n += 1
    return n
print(list(iter(f, 4)), n)
it = iter([1, 2]); print(next(it), list(it), list(it), next(it, "d"))
l = [1, 2, 3]; it = iter(l); next(it); l.clear(); print(list(it)); l.extend([1, 2, 3, 4]); print(list(it))
d = {1: 1, 2: 2}
try:
    for k in d: d[k + 10] = 1
except RuntimeError as e: print(e)
try:
    for k in d: del d[k]; d[99] = 1
except RuntimeError as e: print(e)
s = {1, 2}
try:
    for k in s: s.add(k + 10)
except RuntimeError as e: print(e)
err(lambda: iter(5, 1))
err(lambda: iter())
err(lambda: next())
err(lambda: next(1))
err(lambda: iter(f))
print(type(iter([])).__name__, type(iter(())).__name__, type(iter("")).__name__, type(iter({})).__name__, type(iter(set())).__name__, type(iter(range(1))).__name__, type(iter(b"")).__name__, type(iter(f, 1)).__name__, type(iter({}.items())).__name__)
