"""Threads are started, met and joined below native frames, where a transaction cannot end when it likes."""
import threading

from support import THREADS, run, same

ROUNDS = 30


def meet(_):
    """Condition, event and join: each wait is for what others do only after this transaction's effects."""
    seen = []
    ready = threading.Event()

    def helper():
        ready.wait()
        seen.append(threading.current_thread().name)

    helpers = [threading.Thread(target=helper, name=f"h{i}") for i in range(2)]
    for t in helpers:
        t.start()
    ready.set()
    for t in helpers:
        t.join()
    return sorted(seen)


def by_map(k):
    return [found for found in map(meet, range(ROUNDS))]


def by_exec(k):
    namespace = {"meet": meet, "ROUNDS": ROUNDS}
    exec("result = [meet(i) for i in range(ROUNDS)]", namespace)
    return namespace["result"]


def by_key(k):
    found = []
    sorted(range(ROUNDS), key=lambda i: found.append(meet(i)) or i)
    return found


for work in (by_map, by_exec, by_key):
    same(run(work), [[["h0", "h1"]] * ROUNDS] * THREADS, work.__name__)
print("ok")
