# Calls with * and **, attributes of functions, methods of builtin classes in hot loops.
def counted(function):
    def wrapper(*args, **named):
        wrapper.calls += 1
        return function(*args, **named)
    wrapper.calls = 0
    return wrapper


@counted
def scale(value, factor=3, *, shift=0):
    return value * factor + shift


def partial(function, *front, **fixed):
    def call(*args, **named):
        return function(*front, *args, **{**fixed, **named})
    return call


def show(a, /, b=1, *rest, c=2, **named):
    return a, b, rest, c, sorted(named.items())


def run(n):
    total = 0
    twice = partial(scale, factor=2)
    for i in range(n):
        total += twice(i, shift=i & 3) + scale(i) + scale(value=i, factor=1)
        options = {"b": i} if i % 50 == 7 else {"c": i, "d": 0}
        total += len(show(i, **options)[4])
    return total, scale.calls


print(run(600))
errors = []
for i in range(400):
    options = {"shift": i}
    if i == 350:
        options = {"shift": 1, "nothing": 2}
    if i == 370:
        options = {1: 2}
    try:
        scale(i, **options)
        if i == 390:
            scale(i, **options, **options)
    except TypeError as e:
        errors.append(str(e))
print(errors)


def attributes(n):
    def f():
        pass
    f.total = 0
    f.__doc__ = "doc"
    for i in range(n):
        f.total += i
        if i == n - 5:
            f.extra = 1
            del f.total
            try:
                f.total
            except AttributeError as e:
                print(e)
            f.total = -1
    return f.total, f.__dict__


print(attributes(10), attributes(500))


def builtins(n):
    out = bytearray()
    kinds = set()
    for i in range(n):
        word = int.from_bytes(bytes([i & 255, 3]).ljust(4, b"\0"), "little")
        group = bytearray(3)
        group[i % 3] = word & 255
        out += group
        kinds |= {i % 3, *(i % 5, i % 7)}
        kinds = set(frozenset(kinds))
        d = dict.fromkeys("ab", i)
        e = {**d, "c": int("12", 8)}
        if i == n - 2:
            e = {**e, "a": 0}
        total = sum(e.values())
    return sum(out), sorted(kinds), total, list(e)


print(builtins(500))


class Key:
    log = []

    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return 1

    def __eq__(self, other):
        Key.log.append((self.n, getattr(other, "n", None)))
        return isinstance(other, Key) and self.n == other.n


def keyed(n):
    a, b = Key(1), Key(2)
    for i in range(n):
        d = {a: 1}
        d = {**d, **({b: 2} if i > n - 3 else {3: 4})}
        s = {1, *([a, b] if i > n - 3 else [5, 6])}
    return len(d), len(s)


print(keyed(400), Key.log)
