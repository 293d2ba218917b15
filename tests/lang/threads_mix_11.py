# Sorting, comparing and hashing with Python code that raises, changes the container, or takes locks.
import threading

lock = threading.Lock()
compared = 0


class Key:
    def __init__(self, n, poison=False):
        self.n, self.poison = n, poison

    def __lt__(self, other):
        global compared
        with lock:
            compared += 1
        if self.poison or other.poison:
            raise TypeError('poisoned %d %d' % tuple(sorted((self.n, other.n))))
        return self.n < other.n

    def __hash__(self):
        return self.n % 7

    def __eq__(self, other):
        return isinstance(other, Key) and self.n == other.n

    def __repr__(self):
        return 'K%d' % self.n


def order(k):
    keys = [Key(i * 37 % 101) for i in range(60)]
    keys.sort()
    results[k] = [x.n for x in keys] == sorted(i * 37 % 101 for i in range(60))
    d = {}
    for x in keys:
        d[x] = d.get(x, 0) + x.n
    for x in keys[::3]:
        del d[Key(x.n)]
    sums[k] = sum(d.values()), len(d), list(d)[:4]
    try:
        sorted([Key(1), Key(5, True), Key(3)])
    except TypeError as e:
        sums[k] += (str(e).split()[0],)
    try:
        data = list(range(20))
        data.sort(key=lambda v: data.append(v) or -v)
    except ValueError as e:
        sums[k] += (str(e),)


results, sums = {}, {}
threads = [threading.Thread(target=order, args=(k,)) for k in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(results.items()), sums[0] == sums[1] == sums[2], sums[0], compared > 300)


class Moody:
    def __init__(self, d):
        self.d = d

    def __hash__(self):
        return 3

    def __eq__(self, other):
        self.d.clear()
        return False


d = {}
m = Moody(d)
d[m] = 1
d[3] = 'three'
try:
    print(d.get(Moody(d)), len(d))
except RuntimeError as e:
    print(e)
s = {Key(i) for i in range(30)}
removed = []


def take():
    while True:
        try:
            x = s.pop()
        except KeyError as e:
            removed.append(str(e))
            return
        with lock:
            removed.append(x.n)


threads = [threading.Thread(target=take) for _ in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(removed, key=str)[:5], len(removed), s)
print(max([Key(3), Key(9), Key(4)]), min((Key(i) for i in (5, 2, 8)), key=lambda k: -k.n))
