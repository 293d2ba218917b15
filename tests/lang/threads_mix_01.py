# Generators handed between threads: each step runs in whoever asks, exceptions land there.
import threading


def counter(n):
    total = 0
    try:
        for i in range(n):
            try:
                got = yield i
                if got:
                    total += got
            except ValueError as e:
                total += 1000
                yield 'caught %s' % e
    finally:
        log.append(('closed', total))


log = []
g = counter(10)
lock = threading.Lock()
out = []


def step(k):
    for _ in range(2):
        with lock:
            out.append(next(g))


threads = [threading.Thread(target=step, args=(k,)) for k in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(out))


def thrower():
    with lock:
        log.append(g.throw(ValueError('from %s' % threading.current_thread().name)))
        log.append(g.send(5))


t = threading.Thread(target=thrower, name='thrower')
t.start()
t.join()
print(log)


def closer():
    g.close()


t = threading.Thread(target=closer)
t.start()
t.join()
print(log[-1])
try:
    next(g)
except StopIteration as e:
    print('stopped', e.value)


# A generator that is running refuses a second step, wherever it comes from.
def slow():
    started.set()
    go_on.wait()
    yield 1


started, go_on = threading.Event(), threading.Event()
s = slow()
t = threading.Thread(target=lambda: results.append(next(s)))
results = []
t.start()
started.wait()
try:
    next(s)
except ValueError as e:
    print(e)
go_on.set()
t.join()
print(results)
