# Nested with blocks that change what they guard, ExitStack, generators as context managers, in threads.
import contextlib
import threading

events = []
lock = threading.Lock()


def note(*what):
    with lock:
        events.append(what)


@contextlib.contextmanager
def span(name, swallow=False):
    note('open', name)
    try:
        yield name
    except ArithmeticError as e:
        note('error', name, str(e))
        if not swallow:
            raise
    finally:
        note('close', name)


def nested(k):
    with contextlib.ExitStack() as stack:
        for i in range(4):
            stack.enter_context(span('%d.%d' % (k, i), swallow=i == 1))
        stack.callback(note, 'callback', k)
        stack.push(lambda *exc: note('push', k, exc[0] and exc[0].__name__))
        if k % 2:
            1 / 0
        return 'returned'
    return 'swallowed'


answers = {}


def run(k):
    answers[k] = nested(k)


for k in range(3):
    t = threading.Thread(target=run, args=(k,))
    t.start()
    t.join()
for e in events:
    print(*e)
print(answers)


class Reentrant:
    depth = 0

    def __enter__(self):
        self.depth += 1
        if self.depth < 5:
            with self:
                pass
        return self.depth

    def __exit__(self, *exc):
        self.depth -= 1
        trace.append(self.depth)


trace = []
with Reentrant() as d:
    print(d)
print(trace)


def early(k):
    for i in range(10):
        with span('loop'):
            try:
                if i == k:
                    return i
                if i % 2:
                    continue
            finally:
                note('fin', i)
    return None


events.clear()
print([early(k) for k in (0, 3, 20)], len(events), events[-1])

sem = threading.BoundedSemaphore(2)
peak = [0, 0]


def limited():
    for _ in range(20):
        with sem:
            with lock:
                peak[0] += 1
                peak[1] = max(peak)
            with lock:
                peak[0] -= 1


threads = [threading.Thread(target=limited) for _ in range(5)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(peak[0], peak[1] <= 2)
try:
    sem.release()
except ValueError as e:
    print(e)
