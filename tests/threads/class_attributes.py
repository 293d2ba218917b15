"""Class attributes as counters and caches: under atomic, under a lock, inherited, deleted, turned to descriptors."""
import threading

from support import THREADS, atomic, run, same

N = 1500
lock = threading.Lock()


class Counter:
    atomic_total = 0
    locked_total = 0
    pair = (0, 0)
    label = "start"


class Sub(Counter):
    pass


def count(k):
    for i in range(N):
        with atomic:
            Counter.atomic_total += 1
        with lock:
            Counter.locked_total += 1
        with atomic:
            a, b = Counter.pair
            Counter.pair = (a + 1, b - 1)
        with atomic:
            a, b = Sub().pair
            assert a == -b, (a, b)


run(count)
same(Counter.atomic_total, THREADS * N, "atomic")
same(Sub.locked_total, THREADS * N, "lock")
same(Sub().pair, (THREADS * N, -THREADS * N), "pair")


# Two attributes always agree, whoever looks, and through whatever.
class Both:
    left = 0
    right = 0


def both(k):
    me = Both()
    for i in range(N):
        with atomic:
            Both.left += 1
            Both.right += 1
        with atomic:
            d = Both.__dict__
            assert d["left"] == me.right == getattr(Both, "left") == vars(Both)["right"]


run(both)
same((Both.left, Both.right), (THREADS * N, THREADS * N), "both")


# An aborted block leaves nothing behind.
class Undo:
    value = 0


Undo.value = 1


def undo(k):
    for i in range(N):
        try:
            with atomic:
                Undo.value += 1
                if i % 2:
                    raise KeyError
        except KeyError:
            with atomic:
                Undo.value -= 1


run(undo)
same(Undo.value, 1 + THREADS * ((N + 1) // 2), "undo")


# Deleting, adding again, and descriptors, while others read.
class Change:
    x = 0


Change.x = 1


def change(k):
    seen = set()
    if k == 0:
        for i in range(30):
            Change.x = i
            if i % 5 == 0:
                del Change.x
                Change.x = i
            if i % 7 == 0:
                Change.x = property(lambda self: "property")
            Change.x = i
        Change.x = "last"
        return seen
    me = Change()
    for i in range(N):
        v = getattr(me, "x", "absent")
        seen.add(v if isinstance(v, str) else "int")
    return seen


for seen in run(change):
    assert seen <= {"int", "absent", "property", "last"}, seen
same((Change.x, Change().x), ("last", "last"), "change")


# Each thread has a class of its own; a registry in a base class counts them all.
class Base:
    registry = ()


def own(k):
    cls = type("Own%d" % k, (Base,), {"n": 0})
    for i in range(N):
        cls.n += 1
        if i % 50 == 0:
            with atomic:
                Base.registry = Base.registry + ((k, i),)
    return cls.n


same(run(own), [N] * THREADS, "own classes")
same(sorted(Base.registry), [(k, i) for k in range(THREADS) for i in range(0, N, 50)], "registry")
print("ok")
