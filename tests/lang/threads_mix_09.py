# yield from, generator expressions and recursion in threads, with exceptions that cross them.
import sys
import threading


class Stop(Exception):
    pass


def leaf(n):
    try:
        for i in range(n):
            x = yield i
            if x == 'boom':
                raise Stop(i)
    except GeneratorExit:
        trail.append('leaf closed')
        raise
    return 'leaf %d' % n


def branch(n):
    got = []
    for k in range(n):
        try:
            got.append((yield from leaf(k + 1)))
        except Stop as e:
            got.append(('stopped', e.args[0]))
    return got


def run(k):
    g = branch(4)
    seen = [next(g)]
    while True:
        try:
            seen.append(g.send('boom' if len(seen) == k + 2 else None))
        except StopIteration as e:
            results[k] = seen, e.value
            return


trail, results = [], {}
threads = [threading.Thread(target=run, args=(k,)) for k in range(5)]
for t in threads:
    t.start()
for t in threads:
    t.join()
for k in sorted(results):
    print(k, *results[k])
g = branch(2)
next(g)
t = threading.Thread(target=g.close)
t.start()
t.join()
print(trail)


def depth(n):
    try:
        return depth(n + 1)
    except RecursionError:
        return n


def deep(k):
    found[k] = depth(0) > 500


found = {}
threads = [threading.Thread(target=deep, args=(k,)) for k in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(dict(sorted(found.items())), sys.getrecursionlimit())


def tree(n):
    if n:
        yield from tree(n - 1)
        yield n
        yield from tree(n - 1)


def walk(k):
    walks[k] = sum(i * x for i, x in enumerate(tree(k + 5)))


walks = {}
threads = [threading.Thread(target=walk, args=(k,)) for k in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(walks.items()))
gen = (x * y for x in range(4) for y in range(x))
total = []
lock = threading.Lock()


def drain():
    while True:
        with lock:
            try:
                total.append(next(gen))
            except StopIteration:
                return


threads = [threading.Thread(target=drain) for _ in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(total)
