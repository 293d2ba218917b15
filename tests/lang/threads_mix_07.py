# Closures, nonlocal and global names written by several threads; code made at run time in each.
import threading

lock = threading.Lock()
total = 0


def make():
    n = 0
    seen = []

    def add(k):
        nonlocal n
        global total
        for i in range(200):
            with lock:
                n += 1
                total += k
                if i % 50 == 0:
                    seen.append((k, i))

    def get():
        return n, sorted(seen)

    return add, get


add, get = make()
threads = [threading.Thread(target=add, args=(k,)) for k in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(get(), total, add.__closure__[1].cell_contents if isinstance(add.__closure__[1].cell_contents, int) else '')

results = [None] * 4


def build(k):
    source = '''
class Point%d:
    def __init__(self, x): self.x = x
    def __add__(self, other): return Point%d(self.x + other.x)
    def __repr__(self): return 'P%d(%%r)' %% self.x
def run(n):
    p = Point%d(0)
    for i in range(n):
        p = p + Point%d(i)
    return [p, (lambda y: y + p.x)(1), {j: p.x // j for j in range(1, 4)}]
value = run(%d)
''' % (k, k, k, k, k, 100 + k)
    space = {}
    exec(compile(source, '<made %d>' % k, 'exec'), space)
    results[k] = space['value'] + [eval('value[0].x * 2', space), space['run'].__code__.co_filename]


threads = [threading.Thread(target=build, args=(k,)) for k in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
for r in results:
    print(r)


def rebind(k):
    for i in range(100):
        globals()['name%d' % (i % 5)] = k
        globals().setdefault('only_once', 'yes')
        if i % 25 == 24:
            with lock:
                globals().pop('name4', None)


threads = [threading.Thread(target=rebind, args=(k,)) for k in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(n for n in globals() if n.startswith('name') and n != 'name4'), only_once)  # noqa: F821
try:
    print(nothing_here)  # noqa: F821
except NameError as e:
    print(e)
