"""Code that meets many types at one place: a deep copy with a memo, a visitor, a comparison, a pretty printer."""


class Shape:
    def __init__(self, name):
        self.name = name

    def area(self):
        return 0


class Square(Shape):
    def __init__(self, name, side):
        super().__init__(name)
        self.side = side

    def area(self):
        return self.side * self.side


class Circle(Shape):
    def __init__(self, name, radius):
        Shape.__init__(self, name)
        self.radius = radius

    def area(self):
        return 3 * self.radius * self.radius


class Group(Shape):
    def __init__(self, name, members):
        super().__init__(name)
        self.members = members

    def area(self):
        return sum(m.area() for m in self.members)


def clone(value, memo):
    known = memo.get(id(value))
    if known is not None:
        return known
    handler = HANDLERS.get(type(value))
    if handler is not None:
        return handler(value, memo)
    fresh = object.__new__(type(value))
    memo[id(value)] = fresh
    for name, item in vars(value).items():
        setattr(fresh, name, clone(item, memo))
    return fresh


def clone_list(value, memo):
    fresh = []
    memo[id(value)] = fresh
    for item in value:
        fresh.append(clone(item, memo))
    return fresh


def clone_dict(value, memo):
    fresh = {}
    memo[id(value)] = fresh
    for key, item in value.items():
        fresh[clone(key, memo)] = clone(item, memo)
    return fresh


def clone_atom(value, memo):
    return value


HANDLERS = {int: clone_atom, str: clone_atom, float: clone_atom, type(None): clone_atom, bool: clone_atom, list: clone_list,
            dict: clone_dict, tuple: lambda value, memo: tuple([clone(item, memo) for item in value])}


class Visitor:
    def __init__(self):
        self.seen = {}

    def visit(self, value):
        name = type(value).__name__
        self.seen[name] = self.seen.get(name, 0) + 1
        method = getattr(self, "visit_" + name, None)
        return method(value) if method else self.generic(value)

    def visit_int(self, value):
        return value

    def visit_str(self, value):
        return len(value)

    def visit_list(self, value):
        return sum(self.visit(item) for item in value)

    def visit_tuple(self, value):
        return max(self.visit(item) for item in value)

    def visit_dict(self, value):
        return sum(self.visit(k) + self.visit(v) for k, v in value.items())

    def generic(self, value):
        if isinstance(value, Shape):
            return value.area() + self.visit(vars(value))
        return 1


def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, Shape):
        return same(vars(a), vars(b))
    return a == b


def bench():
    shared = [1, 2.5, None, "shared"]
    things = []
    for i in range(200):
        parts = [Square("s%d" % i, i % 7), Circle("c", i % 5), Group("g", [Square("inner", 2)])]
        things.append({"id": i, "parts": parts, "pair": (i, "x" * (i % 4)), "shared": shared, "flag": i % 2 == 0})
    total = 0
    for _ in range(4):
        fresh = clone(things, {})
        assert fresh[0]["shared"] is fresh[9]["shared"] is not shared
        visitor = Visitor()
        total += visitor.visit(fresh) + sum(visitor.seen.values())
        total += same(things, fresh)
        things = fresh
    return total
