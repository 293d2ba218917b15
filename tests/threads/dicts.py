"""Dicts: str keys, int keys, any keys; insertions, removals, iteration and length against each other."""
from support import THREADS, atomic, run, same

N = 400


def numbers(seed, n):
    x = seed * 7919 + 17
    for _ in range(n):
        x = x * 1103515245 + 12345 & 0x7FFFFFFF
        yield x >> 4


# --- counters under str, int and tuple keys, all touched by all threads
by_str = {}
by_int = {}
by_any = {}


def count(k):
    for x in numbers(k + 1, N * 4):
        with atomic:
            key = "k%d" % (x % 37)
            by_str[key] = by_str.get(key, 0) + 1
        with atomic:
            by_int[x % 41] = by_int.setdefault(x % 41, 0) + 1
        with atomic:
            key = (x % 5, str(x % 7))
            if key in by_any:
                by_any[key] += 1
            else:
                by_any[key] = 1


run(count)
for d, keys in ((by_str, ["k%d" % i for i in range(37)]), (by_int, range(41)), (by_any, None)):
    same(sum(d.values()), THREADS * N * 4, "sum of counters")
    if keys is not None:
        same(sorted(d), sorted(keys), "keys")
expected = {}
for k in range(THREADS):
    for x in numbers(k + 1, N * 4):
        expected[x % 41] = expected.get(x % 41, 0) + 1
same(dict(sorted(by_int.items())), dict(sorted(expected.items())), "int keys")

# --- own keys of one dict: nothing is lost, the order of each thread's keys is kept
both = {}


def insert(k):
    for i in range(N * 3):
        both[(k, i) if i % 3 == 0 else "%d:%d" % (k, i) if i % 3 == 1 else i * 1000 + k] = i
        if i % 5 == 4:
            j = i - 4
            del both[(k, j) if j % 3 == 0 else "%d:%d" % (k, j) if j % 3 == 1 else j * 1000 + k]


run(insert)
same(len(both), THREADS * (N * 3 - N * 3 // 5), "inserted")
for k in range(THREADS):
    mine = [v for key, v in both.items()
            if (key[0] == k if type(key) is tuple else key.startswith("%d:" % k) if type(key) is str else key % 1000 == k)]
    same(mine, [i for i in range(N * 3) if i % 5 != 0], "order of one thread's keys")

# --- a bank: the sum is seen whole, and so are length, items, copies and membership
bank = {i: 100 for i in range(60)}


def transfer(k):
    for n, x in enumerate(numbers(k + 11, N)):
        if k % 2 == 0:
            with atomic:
                a, b = x % 60, (x >> 7) % 60
                bank[a] -= 5
                bank[b] += 5
                if x % 3 == 0:  # an account moves to the end
                    bank[a] = bank.pop(a)
        else:
            with atomic:
                assert len(bank) == 60
                how = n % 5
                total = (sum(bank.values()) if how == 0 else sum(v for _, v in bank.items()) if how == 1 else
                         sum(bank[i] for i in range(60)) if how == 2 else sum(dict(bank).values()) if how == 3 else
                         sum(bank.get(i) for i in sorted(bank)))
                assert total == 6000, (how, total)


run(transfer)
same(sum(bank.values()), 6000, "bank")

# --- pairs: two keys are there both or neither; a new key and an old one change together
pairs = {"generation": 0}


def pair(k):
    for i in range(N):
        key = i % 20
        if k % 2 == 0:
            with atomic:
                if key in pairs:
                    del pairs[key]
                    assert pairs.pop(-1 - key) == "other"
                else:
                    pairs[key] = "one"
                    pairs[-1 - key] = "other"
                pairs["generation"] += 1
        else:
            with atomic:
                g = pairs["generation"]
                assert (pairs.get(key) is None) == (pairs.get(-1 - key) is None)
                assert len(pairs) % 2 == 1
                assert pairs["generation"] == g


run(pair)
same(pairs["generation"], N * ((THREADS + 1) // 2), "generation")

# --- reads without atomic are one snapshot each; what was inserted first is seen first
growing = {}
flags = {"last": -1}


def grow(k):
    if k == 0:
        for i in range(N * 4):
            growing["v%d" % i] = i
            flags["last"] = i
        return
    while True:
        with atomic:
            last = flags["last"]
            n = len(growing)
            if last >= 0:
                assert growing["v%d" % last] == last
            assert n in (last + 1, last + 2), (n, last)
            assert growing.get("v%d" % n) is None
        if last == N * 4 - 1:
            return


run(grow)

# --- setdefault and popitem give each value to one thread
firsts = {}
stock = {i: i for i in range(N * 2)}


def give(k):
    won = sum(1 for i in range(N) if firsts.setdefault(i, (k, i)) == (k, i))
    got = []
    while True:
        try:
            got.append(stock.popitem()[0])
        except KeyError:
            return won, got


results = run(give)
same(sum(w for w, _ in results), N, "setdefault")
same(sorted(i for _, got in results for i in got), list(range(N * 2)), "popitem")

# --- clear and update
swap = {i: "a" for i in range(30)}


def refill(k):
    for i in range(N // 2):
        with atomic:
            letter = "abcdef"[(i + k) % 6]
            swap.clear()
            swap.update((j, letter) for j in range(30))
        with atomic:
            assert len(set(swap.values())) == 1 and list(swap) == list(range(30))


run(refill)
print("ok")
