# Generators that nobody runs to the end: those that would notice are closed, the others just go.
import gc

log = []


def quiet(n):
    for i in range(n):
        yield i


def careful(n, name):
    try:
        for i in range(n):
            yield i
    finally:
        log.append(name)


def delegating(n, name):
    yield from careful(n, name)


def both(n, name):
    yield -1  # nothing to clean up here
    with Manager(name):
        yield -2


class Manager:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        return self

    def __exit__(self, kind, value, tb):
        log.append((self.name, kind.__name__))


class Keeper:
    """Comes back from the dead with an unstarted generator."""
    found = None

    def __init__(self):
        self.generator = careful(3, "kept")

    def __del__(self):
        Keeper.found = self.generator


def second():
    g = both(3, "second yield")
    next(g)
    return next(g)


def leave(depth):
    if depth:
        return leave(depth - 1)
    total = 0
    for k in range(300):
        for x in quiet(5):
            total += x
            if x == 2:
                break
        total += any(x > 1 for x in quiet(4))
        total += next(quiet(3))
        quiet(1)
        list(quiet(3))
    total += second()
    total += next(careful(3, "careful"))
    total += next(delegating(3, "delegating"))
    total += next(both(3, "first yield"))
    careful(3, "never started")
    Keeper()
    for k in range(20):
        total += next(quiet(2))
    return total


def scrub(depth):
    """Writes over what dead calls left on the stacks, native ones too."""
    nested = []
    for _ in range(depth):
        nested = [nested, 1]
    return len(repr(nested)) if depth == 0 else scrub(depth - 1) + len(repr(nested))


print(leave(30))
scrub(200)
gc.collect()
scrub(200)
gc.collect()
for entry in sorted(map(str, log)):
    print(entry)
del log[:]
g, Keeper.found = Keeper.found, None
print(next(g), next(g))


def drop(depth):
    global g
    if depth:
        return drop(depth - 1)
    del g


drop(30)
next(quiet(1))
scrub(200)
gc.collect()
scrub(200)
gc.collect()
print(log)
