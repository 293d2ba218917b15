"""Iterators and generators shared between threads: each item goes to one thread, exactly once."""
import itertools

from support import THREADS, atomic, run, same

N = 1500


def drain(it):
    def work(k):
        return list(it)

    return [x for part in run(work) for x in part]


def drain_next(it):
    def work(k):
        got = []
        while True:
            try:
                got.append(next(it))
            except StopIteration:
                return got

    return [x for part in run(work) for x in part]


SOURCES = {
    "list": lambda: iter(list(range(N))),
    "tuple": lambda: iter(tuple(range(N))),
    "range": lambda: iter(range(N)),
    "dict": lambda: iter({i: None for i in range(N)}),
    "values": lambda: iter({i: i for i in range(N)}.values()),
    "reversed": lambda: reversed(list(range(N))),
    "map": lambda: map(int, range(N)),
    "zip": lambda: map(lambda p: p[0], zip(range(N), range(N))),
    "enumerate": lambda: map(lambda p: p[0], enumerate(list(range(N)))),
    "filter": lambda: filter(lambda x: x >= 0, range(N)),
    "islice": lambda: itertools.islice(itertools.count(), N),
    "chain": lambda: itertools.chain(range(N // 2), range(N // 2, N)),
    "set": lambda: iter(set(range(N))),
}
for name, make in SOURCES.items():
    same(sorted(drain(make())), list(range(N)), name + " by list()")
    same(sorted(drain_next(make())), list(range(N)), name + " by next()")


# --- a generator runs in one thread at a time; the others hear so
def generate():
    for i in range(N):
        yield i


def from_generator(it):
    def work(k):
        got = []
        while True:
            try:
                got.append(next(it))
            except StopIteration:
                return got
            except ValueError as e:
                assert str(e) == "generator already executing", e

    return [x for part in run(work) for x in part]


same(sorted(from_generator(generate())), list(range(N)), "generator")


def with_state():
    total = 0
    while True:
        total += yield total


adder = with_state()
next(adder)


def send(k):
    sent = 0
    while sent < N // 4:
        try:
            adder.send(1)
            sent += 1
        except ValueError as e:
            assert str(e) == "generator already executing", e


run(send)
same(adder.send(0), THREADS * (N // 4), "generator.send")

# --- a counter, and a generator under atomic: never already executing
counter = itertools.count()
held = generate()


def both(k):
    mine = [next(counter) for _ in range(N // 2)]
    got = []
    while True:
        with atomic:
            x = next(held, None)
        if x is None:
            return mine, got
        got.append(x)


results = run(both)
same(sorted(x for m, _ in results for x in m), list(range(THREADS * (N // 2))), "count")
same(sorted(x for _, g in results for x in g), list(range(N)), "generator under atomic")
print("ok")
