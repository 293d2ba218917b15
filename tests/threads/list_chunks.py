"""One long list: disjoint halves, appends beside readers and writers, slices, sort, growth, shrinking."""
import pystm
from support import THREADS, atomic, run, same

# --- disjoint parts of one list of 100,000 items
N = 100_000
shared = [0] * N


def fill(k):
    lo, hi = k * N // THREADS, (k + 1) * N // THREADS
    for i in range(lo, hi):
        shared[i] = i * 3
    for i in range(lo, hi):
        shared[i] += 1


run(fill)
same(shared == [i * 3 + 1 for i in range(N)], True, "disjoint parts")

# --- the same without a common chunk: nobody stands in anybody's way for long
M = 128 * 40 * THREADS
aligned = [0] * M
before = pystm.stats()


def count_up(k):
    lo, hi = k * M // THREADS, (k + 1) * M // THREADS
    for r in range(20):
        for i in range(lo, hi):
            aligned[i] += 1


run(count_up)
after = pystm.stats()
same(aligned == [20] * M, True, "aligned parts")
conflicts = sum(1 for c in pystm.conflicts() if "list items" in c["object"])
print("aborts", after["aborted"] - before["aborted"], "conflicts over items", conflicts)

# --- everybody increments everywhere, item by item, atomically
ITEMS = 1000
counters = [0] * ITEMS


def scatter(k):
    x = k + 1
    for i in range(4000):
        x = x * 1103515245 + 12345 & 0x7FFFFFFF
        with atomic:
            counters[x % ITEMS] += 1
        with atomic:
            a, b = x % ITEMS, (x >> 7) % ITEMS
            counters[a] += 1
            counters[b] -= 1


run(scatter)
same(sum(counters), 4000 * THREADS, "scattered increments")

# --- transfers keep the sum; a reader sees it whole by index, by slice, by iteration and by sum()
bank = [100] * 700
R = 500


def transfer(k):
    x = k * 77 + 5
    for i in range(R):
        x = x * 1103515245 + 12345 & 0x7FFFFFFF
        if k % 2 == 0:
            with atomic:
                a, b = x % 700, (x >> 8) % 700
                bank[a] -= 7
                bank[b] += 7
        else:
            how = i % 5
            with atomic:
                if how == 0:
                    total = sum(bank)
                elif how == 1:
                    total = sum(bank[:300]) + sum(bank[300:])
                elif how == 2:
                    total = 0
                    for v in bank:
                        total += v
                elif how == 3:
                    total = sum(bank[i] for i in range(len(bank)))
                else:
                    total = sum(tuple(bank)) + sum(bank[::2]) + sum(bank[1::2]) - sum(list(bank))
            assert total == 70000, (how, total)


run(transfer)
same(sum(bank), 70000, "bank")

# --- appends from all threads, while the early items are written and read
log = list(range(200))


def append(k):
    for i in range(600):
        log.append((k, i))
        j = (i * 7 + k) % 200
        with atomic:
            log[j] += 1000
            assert log[j] % 1000 == j
        assert log[200 + i] is not None
        assert type(log[-1]) is tuple


run(append)
same(len(log), 200 + 600 * THREADS, "length after appends")
same(sorted(log[200:]), sorted((k, i) for k in range(THREADS) for i in range(600)), "appended")
for k in range(THREADS):
    same([i for t, i in log[200:] if t == k], list(range(600)), "order of one thread's appends")
same(sum(v // 1000 for v in log[:200]), 600 * THREADS, "writes beside appends")

# --- a stack and a queue in one list: pops take each item once
work = list(range(3000))


def take(k):
    got = []
    while True:
        with atomic:
            if not work:
                return got
            got.append(work.pop() if k % 2 else work.pop(0))
        if len(got) % 10 == 0:
            with atomic:
                work.insert(len(work) // 2, work.pop()) if work else None


taken = [v for part in run(take) for v in part]
same(sorted(taken), list(range(3000)), "pops")

# --- slice assignment, reverse, sort, clear and del against readers of an invariant
twin = [i // 2 for i in range(600)]  # every value stands there twice


def rearrange(k):
    for i in range(80):
        what = (i + k) % 7
        with atomic:
            if what == 0:
                twin.sort(reverse=i % 2 == 0)
            elif what == 1:
                twin.sort(key=lambda v: -v)
            elif what == 2:
                twin.reverse()
            elif what == 3:
                twin[100:200], twin[200:300] = twin[200:300], twin[100:200]
            elif what == 4:
                part = twin[500:]
                del twin[500:]
                twin[0:0] = part
            elif what == 5:
                copy = twin[:]
                twin.clear()
                twin.extend(copy)
            else:
                twin[::3] = twin[::3][::-1]
        with atomic:
            assert len(twin) == 600, len(twin)
            assert sum(twin) == 2 * sum(range(300))
        with atomic:
            first = twin[10]
            assert twin.count(first) == 2, first
    return True


run(rearrange)
same(sorted(twin), [i // 2 for i in range(600)], "rearranged")

# --- grow and shrink across the size where chunks begin
seesaw = []


def grow(k):
    for i in range(200):
        with atomic:
            seesaw.extend([(k, i)] * 10)
        with atomic:
            if len(seesaw) > 100:
                del seesaw[:10]
        with atomic:
            n = len(seesaw)
            assert n % 10 == 0, n
            assert all(seesaw[j] == seesaw[j + 9] for j in range(0, n, 10))


run(grow)
print("ok")
