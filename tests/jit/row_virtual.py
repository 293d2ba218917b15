# Objects that no loop's end sees are never made.
class Vector:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, o):
        return Vector(self.x + o.x, self.y + o.y)

    def __mul__(self, k):
        return Vector(self.x * k, self.y * k)

    def dot(self, o):
        return self.x * o.x + self.y * o.y


def vectors(n):
    s = 0.0
    for i in range(n):    # loop: no calls, no barriers, guards<=3, no CheckFloat
        s += (Vector(0.5, i) + Vector(i, 1.5) * 2.0).dot(Vector(1.0, 1.0))
    return s


def tuples(n):
    a, b = 0, 1
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        a, b = b, (a + b) & 0xFFFF
    return a


def returned(n):
    def pair(i):
        return i, i + 1

    s = 0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        x, y = pair(i)
        s += x * y
    return s


def small_lists(n):
    s = 0
    for i in range(n):    # loop: calls<=1, guards<=8
        p = [i, 2, 3]
        s += p[0] + p[2]
    return s


def small_dicts(n):
    s = 0
    for i in range(n):    # loop: calls<=2, no barriers, guards<=8
        s += {"a": i}["a"]
    return s


def accumulators(n):
    v = Vector(0, 0)
    one = Vector(1, 2)
    for i in range(n):    # loop: no calls, guards<=2
        v = v + one
    return v.x + v.y


def bound_methods(n):
    v, s = Vector(1, 2), 0
    for i in range(n):
        f = v.dot
        s += f(v)
    return s


def slices(n):
    t, s = (1, 2, 3, 4), 0
    for i in range(n):
        a, *b = t
        s += a
    return s


def closures(n):
    s = 0
    for i in range(n):    # loop: no calls, guards<=3
        k = lambda x: x + i
        s += k(1)
    return s


def swaps(n):
    x, y, z = 1, 2, 3
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        x, y, z = y, z, x
    return x, y, z


def unpack(n):
    t, s = (1, (2, 3)), 0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        a, (b, c) = t
        s += a + b + c
    return s


print(vectors(3000), tuples(3000), returned(3000), small_lists(3000), small_dicts(3000), accumulators(3000))
print(bound_methods(3000), slices(3000), closures(3000), swaps(3000), unpack(3000))
