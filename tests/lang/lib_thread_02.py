# shared counters and dictionaries keep every update under a lock
import threading

class Counter:
    def __init__(self): self.n, self.lock, self.by = 0, threading.Lock(), {}
    def add(self, who):
        with self.lock:
            self.n += 1
            self.by[who] = self.by.get(who, 0) + 1
c = Counter()
def run(who):
    for _ in range(2000): c.add(who)
ts = [threading.Thread(target=run, args=(i,), name=f"t{i}") for i in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(c.n, sorted(c.by.items()), [t.name for t in ts])
b = threading.Barrier(3)
order = []
def meet(i):
    b.wait()
    order.append(i)
ts = [threading.Thread(target=meet, args=(i,)) for i in range(3)]
for t in ts: t.start()
for t in ts: t.join()
print(sorted(order))
cond, items = threading.Condition(), []
def consume():
    with cond:
        cond.wait_for(lambda: items)
        print("got", items.pop())
t = threading.Thread(target=consume); t.start()
with cond: items.append("thing"); cond.notify()
t.join()
