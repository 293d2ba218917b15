# Attributes are loads behind one guard of the shape; globals, class attributes and methods are constants.
import math

FACTOR = 3


class Body:
    kind = 5
    __slots__ = ("x", "v")

    def __init__(self, x, v):
        self.x = x
        self.v = v


class Loose:
    shared = 2

    def __init__(self):
        self.a = 1
        self.f = 0.5


def global_reads(n):
    s = 0
    for i in range(n):    # loop: no calls, no New, guards<=2
        s += FACTOR
    return s


def module_reads(n):
    s = 0.0
    for i in range(n):    # loop: no calls, no New, guards<=2, no BoxFloat, no CheckFloat
        s += math.pi
    return s > 0


def class_reads(n):
    o, s = Loose(), 0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        s += o.shared + Body.kind
    return s


def slot_reads(n):
    b, s = Body(1, 2), 0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        s += b.x + b.v
    return s


def slot_updates(n):
    b = Body(0, 1)
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        b.x += b.v
    return b.x


def float_updates(n):
    b = Body(0.5, 1.25)
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1, no CheckFloat
        b.x += b.v * 0.5
    return b.x


def dict_attributes(n):
    o = Loose()
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1, no CheckFloat
        o.a += 1
        o.f += 0.5
    return o.a, o.f


def twice(n):
    o = Loose()
    s = 0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        s += o.a
        s += o.a
        s += o.a
    return s


def overwritten(n):
    o = Loose()
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        o.a = i
        o.a = i + 1
    return o.a


def over_list(bodies, n):
    s = 0
    for k in range(n):
        for b in bodies:    # loop: no calls, no New, guards<=5
            s += b.x
    return s


def tests(n):
    o, s = Loose(), 0
    for i in range(n):
        if isinstance(o, Loose) and o is not None and type(o) is Loose and hasattr(o, "a"):
            s += 1
    return s


def getattrs(n):
    o, s = Loose(), 0
    for i in range(n):
        s += getattr(o, "a") + getattr(o, "missing", 2)
        setattr(o, "a", 1)
    return s


print(global_reads(3000), module_reads(3000), class_reads(3000), slot_reads(3000), slot_updates(3000), float_updates(3000))
print(dict_attributes(3000), twice(3000), overwritten(3000), over_list([Body(i, i) for i in range(50)], 60), tests(3000), getattrs(3000))
