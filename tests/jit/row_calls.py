# Calls are inlined: functions, methods, closures, keywords, defaults, classes, operators, properties, super().
def double(x):
    return x + x


def functions(n):
    s = 0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        s += double(i)
    return s


def with_default(x, k=3, *, m=2):
    return x * k + m


def keywords(n):
    s = 0
    for i in range(n):    # loop: no calls, no New, guards<=1
        s += with_default(i, m=5) + with_default(m=1, x=i, k=2)
    return s


def variadic(*a, **k):
    return a[0] + len(a) + k["z"]


def spread(n):
    s = 0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=2
        s += variadic(i, 2, z=3)
    return s


def closures(n):
    k = 3

    def add(x):
        return x + k

    s = 0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        s += add(i)
    return s


def nonlocals(n):
    s = 0

    def add(x):
        nonlocal s
        s += x

    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        add(i)
    return s


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Point(self.x + other.x, self.y + other.y)

    def __eq__(self, other):
        return self.x == other.x

    def __len__(self):
        return self.x

    def __call__(self, k):
        return self.x + k

    def __getitem__(self, k):
        return self.y + k

    def __bool__(self):
        return self.x > 10

    def __contains__(self, k):
        return self.x == k

    @property
    def area(self):
        return self.x * self.y

    @staticmethod
    def three():
        return 3

    @classmethod
    def unit(cls):
        return cls(1, 1)

    def norm(self):
        return self.x + self.y


class Deep(Point):
    def __init__(self, x, y):
        super().__init__(x, y)

    def norm(self):
        return super().norm() + 1


def methods(n):
    p, s = Point(1, 2), 0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        s += p.norm()
    return s


def supers(n):
    p, s = Deep(1, 2), 0
    for i in range(n):    # loop: no calls, no New, guards<=2
        s += p.norm()
    return s


def makes(n):
    s = 0
    for i in range(n):    # loop: no calls, guards<=2
        s += Deep(i, 2).x
    return s


def operators(n):
    p = Point(0, 0)
    q = Point(1, 2)
    for i in range(n):    # loop: no calls, guards<=2
        p = p + q
    return p.x, p.y


def special(n):
    p, s = Point(3, 4), 0
    for i in range(n):
        s += len(p) + p(i) + p[i] + (p == p) + (3 in p)
        if p:
            s += 1
    return s


def properties(n):
    p, s = Point(3, 4), 0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        s += p.area
    return s


def statics(n):
    s = 0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        s += Point.three() + Point.unit().x
    return s


def bound(n):
    p, s = Point(3, 4), 0
    f = p.norm
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        s += f()
    return s


def lambdas(n):
    s = 0
    f = lambda a, b=1: a * b
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        s += f(i)
    return s


class Manager:
    depth = 0

    def __enter__(self):
        self.depth += 1
        return self

    def __exit__(self, *what):
        self.depth -= 1


def withs(n):
    m, s = Manager(), 0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        with m as k:
            s += k.depth
    return s


print(functions(3000), keywords(3000), spread(3000), closures(3000), nonlocals(3000), methods(3000), supers(3000))
print(makes(3000), operators(3000), special(3000), properties(3000), statics(3000), bound(3000), lambdas(3000), withs(3000))
