"""Attributes of objects, cells of closures, module globals, function attributes, slots, properties."""
import threading

from support import THREADS, atomic, run, same

N = 500
total = 0
locked_total = 0
lock = threading.Lock()


class Account:
    def __init__(self):
        self.balance = 100
        self.history = 0

    @property
    def twice(self):
        return self.balance * 2


class Slotted:
    __slots__ = ("x", "y")


accounts = [Account() for _ in range(12)]
slotted = Slotted()
slotted.x = slotted.y = 0


def make_counter():
    n = 0

    def up():
        nonlocal n
        n += 1
        return n

    def get():
        return n

    return up, get


up, get = make_counter()


def work(k):
    global total, locked_total
    seen = set()
    for i in range(N):
        with atomic:
            total += 1
        with lock:
            locked_total += 1
        with atomic:
            seen.add(up())
        a, b = accounts[(i * 7 + k) % 12], accounts[(i * 5 + 3) % 12]
        with atomic:
            a.balance -= 3
            b.balance += 3
            a.history += 1
        with atomic:
            slotted.x += 1
            slotted.y -= 1
        with atomic:
            assert slotted.x == -slotted.y
            assert sum(c.balance for c in accounts) == 1200
            assert sum(c.twice for c in accounts) == 2400
        with atomic:
            work.calls = getattr(work, "calls", 0) + 1
    return seen


seen = run(work)
same((total, locked_total, get(), slotted.x, work.calls), (THREADS * N,) * 5, "counters")
same(sorted(x for s in seen for x in s), list(range(1, THREADS * N + 1)), "what the closure returned")
same(sum(a.history for a in accounts), THREADS * N, "history")

# --- shapes change under readers: attributes come, go, turn to a dict, and change class
thing = Account()


class Other(Account):
    pass


def reshape(k):
    for i in range(N // 2):
        with atomic:
            name = "extra%d" % (i % 30)
            if hasattr(thing, name):
                delattr(thing, name)
                delattr(thing, name + "_twin")
            else:
                setattr(thing, name, i)
                setattr(thing, name + "_twin", i)
            thing.balance += 1
            if i % 10 == 0:
                thing.__class__ = Other if type(thing) is Account else Account
        with atomic:
            names = [n for n in vars(thing) if n.startswith("extra")]
            assert len(names) % 2 == 0
            assert all(getattr(thing, n) == getattr(thing, n + "_twin") for n in names if not n.endswith("_twin"))


run(reshape)
same(thing.balance, 100 + THREADS * (N // 2), "reshaped")

# --- many fresh objects, linked by all threads into one list, each once
head = None


class Node:
    def __init__(self, value, rest):
        self.value = value
        self.rest = rest


def push(k):
    global head
    for i in range(N):
        with atomic:
            head = Node((k, i), head)


run(push)
values = []
node = head
while node is not None:
    values.append(node.value)
    node = node.rest
same(sorted(values), [(k, i) for k in range(THREADS) for i in range(N)], "linked list")

# --- globals that come and go
def toggle(k):
    g = globals()
    for i in range(N // 2):
        name = "made_%d" % (i % 10)
        with atomic:
            if name in g:
                assert g.pop(name) == g.pop(name + "_twin")
            else:
                g[name] = g[name + "_twin"] = (k, i)
        with atomic:
            try:
                a = made_3
            except NameError:
                a = None
            try:
                b = made_3_twin
            except NameError:
                b = None
            assert a == b, (a, b)


run(toggle)
print("ok")
