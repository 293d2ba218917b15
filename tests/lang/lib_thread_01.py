# threads, locks and a queue
import queue
import threading

results, lock = [], threading.Lock()
def work(n):
    total = sum(range(n * 1000))
    with lock: results.append((n, total))
ts = [threading.Thread(target=work, args=(i,)) for i in range(6)]
for t in ts: t.start()
for t in ts: t.join()
print(sorted(results), threading.active_count() >= 1, ts[0].is_alive())
q = queue.Queue(maxsize=2)
out = []
def producer():
    for i in range(10): q.put(i)
    q.put(None)
def consumer():
    while (x := q.get()) is not None: out.append(x * x)
a, b = threading.Thread(target=producer), threading.Thread(target=consumer)
a.start(); b.start(); a.join(); b.join()
print(out)
ev = threading.Event()
w = threading.Thread(target=lambda: (ev.wait(), print("woken")))
w.start(); ev.set(); w.join()
r = threading.RLock()
with r:
    with r: print("reentrant")
loc = threading.local(); loc.x = 1
def other(): print(hasattr(loc, "x"))
t = threading.Thread(target=other); t.start(); t.join()
try: lock.release()
except RuntimeError as e: print(e)
