# Weak references and finalizers of objects that threads share and drop.
import gc
import threading
import weakref


class Node:
    alive = 0

    def __init__(self, name):
        self.name = name
        self.links = []

    def __hash__(self):
        return hash(self.name)

    def __eq__(self, other):
        return isinstance(other, Node) and self.name == other.name


registry = weakref.WeakValueDictionary()
keyed = weakref.WeakKeyDictionary()
lock = threading.Lock()
kept = []


def work(k):
    for i in range(40):
        a, b = Node((k, i)), Node((k, -i - 1))
        a.links.append(b)
        b.links.append(a)  # a cycle
        with lock:
            registry[k, i] = a
            keyed[a] = i
            if i % 10 == 0:
                kept.append(a)


threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
del t, threads
gc.collect()
print(sorted(registry.keys()), sorted(keyed.values()))
print([n.links[0].links[0] is n for n in kept[:3]])

finished = []


class Final:
    def __init__(self, k):
        self.k = k
        weakref.finalize(self, finished.append, k)

    def __del__(self):
        deleted.append(self.k)


deleted = []


def drop(k):
    for i in range(10):
        Final(k * 10 + i)


threads = [threading.Thread(target=drop, args=(k,)) for k in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
del t, threads
gc.collect()
gc.collect()
print(sorted(finished) == list(range(30)), sorted(deleted) == list(range(30)))

calls = []
target = Node('target')
refs = [weakref.ref(target, lambda r, i=i: calls.append(i)) for i in range(3)]
p = weakref.proxy(target)
print(p.name, refs[0]() is target, weakref.getweakrefcount(target) >= 3)
