"""Sets and deques shared by threads."""
import collections
import threading

from support import THREADS, atomic, run, same

N = 400

# --- a set: every number is added by everybody and counted once
shared = set()
added = [0] * THREADS


def add(k):
    won = 0
    for i in range(N):
        with atomic:
            if i not in shared:
                shared.add(i)
                won += 1
        with atomic:
            shared.add(("own", k, i))
            if i % 4 == 3:
                shared.discard(("own", k, i - 3))
                shared.remove(("own", k, i - 2))
    return won


same(sum(run(add)), N, "added once")
same(len(shared), N + THREADS * (N - N // 4 * 2), "size of the set")

# --- an element moves between two sets: it is in exactly one
left, right = set(range(50)), set()


def move(k):
    for i in range(N):
        x = (i * 13 + k * 7) % 50
        with atomic:
            if x in left:
                left.remove(x)
                right.add(x)
            else:
                right.remove(x)
                left.add(x)
        with atomic:
            assert len(left) + len(right) == 50
            assert not left & right
            assert left | right == set(range(50))
            assert sum(left) + sum(right) == 1225


run(move)
same(sorted(left | right), list(range(50)), "both sets")

# --- pop hands each out once
stock = set(range(N * 3))


def take(k):
    got = []
    while True:
        try:
            got.append(stock.pop())
        except KeyError:
            return got


same(sorted(x for got in run(take) for x in got), list(range(N * 3)), "set.pop")

# --- a deque as a queue between producers and consumers, no lock at all
queue = collections.deque()
finished = [0]


def work(k):
    if k % 2 == 0:
        for i in range(N * 2):
            queue.append((k, i))
        with atomic:
            finished[0] += 1
        return []
    got = []
    while True:
        try:
            got.append(queue.popleft())
        except IndexError:
            with atomic:
                if finished[0] == (THREADS + 1) // 2 and not queue:
                    return got


got = run(work)
rest = list(queue)
everything = [x for part in got for x in part] + rest
same(sorted(everything), [(k, i) for k in range(0, THREADS, 2) for i in range(N * 2)], "queue")
for part in got:
    for k in range(0, THREADS, 2):
        mine = [i for t, i in part if t == k]
        same(mine, sorted(mine), "order in one consumer")

# --- both ends, rotation, length, maxlen
ring = collections.deque(range(40))
last = collections.deque(maxlen=10)


def turn(k):
    for i in range(N):
        with atomic:
            if i % 3 == 0:
                ring.append(ring.popleft())
            elif i % 3 == 1:
                ring.appendleft(ring.pop())
            else:
                ring.rotate(i % 7)
        with atomic:
            assert len(ring) == 40 and sum(ring) == 780
        last.append((k, i))
        assert len(last) <= 10
        with atomic:
            a = ring[5]
            ring[5], ring[6] = ring[6], a
            assert ring.count(a) == 1


run(turn)
same(sorted(ring), list(range(40)), "ring")
same(len(last), 10, "maxlen")

# --- a condition and a deque: the classical bounded buffer
buffer = collections.deque()
ready = threading.Condition()


def bounded(k):
    total = 0
    for i in range(N // 4):
        if k % 2 == 0:
            with ready:
                while len(buffer) >= 5:
                    ready.wait()
                buffer.append(i)
                ready.notify_all()
        elif k < THREADS // 2 * 2:
            with ready:
                while not buffer:
                    ready.wait()
                total += buffer.popleft()
                ready.notify_all()
    return total


if THREADS % 2 == 0:
    same(sum(run(bounded)), THREADS // 2 * sum(range(N // 4)), "bounded buffer")
print("ok")
