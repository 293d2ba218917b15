# dict, list and set changed by several threads under one lock; views and iterators that notice.
import threading

lock = threading.RLock()
d, l, s = {}, [], set()


def work(k):
    global s
    for i in range(120):
        with lock:
            d[k, i] = i
            l.append((k, i))
            s.add(i * 7 % 31)
            if i % 4 == 3:
                d.pop((k, i - 1))
                l.remove((k, i - 2))
                s.discard(i % 31)
            if i % 10 == 9:
                d.update({(k, 'x', j): j for j in range(3)})
                l[len(l) // 2:len(l) // 2] = [(k, -i)]
                s ^= {1, 2, k}
            if i % 30 == 29:
                for key in [key for key in d if key[0] == k and key[1] == 'x']:
                    del d[key]
                l.sort()
                l.reverse()


threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(len(d), sum(d.values()), sorted(d, key=repr)[:3], sorted(d, key=repr)[-2:])
print(len(l), sorted(l)[:4], sorted(l)[-3:], sum(b for _, b in l))
print(all(isinstance(x, int) for x in s))


def disturb(change):
    t = threading.Thread(target=change)
    t.start()
    t.join()


e = dict.fromkeys(range(5))
it = iter(e)
print(next(it))
disturb(lambda: e.update(x=1))
try:
    next(it)
except RuntimeError as x:
    print(x)
z = {1, 2, 3}
it = iter(z)
next(it)
disturb(lambda: z.add(99))
try:
    next(it)
except RuntimeError as x:
    print(x)
m = [1, 2, 3]
out = []
for v in m:
    out.append(v)
    if len(out) < 6:
        disturb(lambda: m.append(v * 10))
print(out)
it = iter(m)
disturb(m.clear)
print(list(it), list(it))
keys = e.keys()
disturb(lambda: e.clear())
print(len(keys), keys, e)
