"""Objects that change their class: who looks sees one moment, and every change is seen exactly once."""
import threading

from support import THREADS, atomic, run, same

N = 400


class Off:
    __slots__ = ("name", "flips", "__dict__")

    def __init__(self, name):
        self.name = name
        self.flips = 0

    def flip(self):
        self.flips += 1
        self.__class__ = On

    @property
    def lit(self):
        return False


class On(Off):
    __slots__ = ()

    def flip(self):
        self.flips += 1
        self.__class__ = Off

    @property
    def lit(self):
        return True


def change(o):
    o.flip()
    return o.lit


# Two that always agree, in class, property and method.
left, right = Off("left"), Off("right")


def agree(k):
    for i in range(N):
        if (i + k) % 3 == 0:
            with atomic:
                left.flip()
                right.flip()
        with atomic:
            assert type(left) is type(right), (left, right)
            assert left.lit == right.lit == isinstance(left, On) == (left.flips % 2 == 1)
            assert left.flip.__func__ is right.__class__.flip


run(agree)
flips = sum(1 for k in range(THREADS) for i in range(N) if (i + k) % 3 == 0)
same((left.flips, right.flips), (flips, flips), "flips")
same(left.lit, flips % 2 == 1, "parity")


# An aborted block leaves the class as it was.
switch = Off("switch")
lit = 0
lock = threading.Lock()


def count(k):
    global lit
    for i in range(N):
        with lock:
            lit += change(switch)


run(count)
same(lit, (THREADS * N + 1) // 2, "lit")


# Attributes stay with the object while others move it to and from dict mode.
class Bag:
    pass


class Box:
    pass


bag = Bag()
bag.total = 0


def fill(k):
    for i in range(N):
        with atomic:
            bag.__class__ = Box if type(bag) is Bag else Bag
            setattr(bag, "n%d" % (i % 7), k)
            bag.total += 1
            vars(bag).pop("n%d" % ((i + 3) % 7), None)
        assert bag.total > 0 and type(bag) in (Bag, Box)


run(fill)
same(bag.total, THREADS * N, "total")
same(type(bag), Bag, "type")

print("ok")
