"""A program that exec() runs (as `-m` does) has its threads in parallel, while it waits for them."""
import pystm

PROGRAM = """
import threading, time
lock = threading.Lock()
deadline = time.monotonic() + 60

def work(k):
    # Only transactions that run in parallel elide locks.
    while pystm.stats()["elided_locks"] == before and time.monotonic() < deadline:
        for _ in range(1000):
            with lock:
                pass

threads = [threading.Thread(target=work, args=(k,)) for k in range(THREADS)]
for t in threads:
    t.start()
for t in threads:
    t.join()
"""

from support import THREADS  # noqa: E402

before = pystm.stats()["elided_locks"]
exec(PROGRAM, {"pystm": pystm, "before": before, "THREADS": THREADS})
if pystm.stats()["elided_locks"] == before:
    raise SystemExit("the threads ran one after the other")
print("ok")
