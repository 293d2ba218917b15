# Lists and dicts that an expression puts together, *args and **named: made, passed on, changed, kept.
def show(*args, **named):
    return args, named


def forward(function, *front, **fixed):
    def call(*args, **named):
        return function(*front, *args, **{**fixed, **named})
    return call


def passes():
    target = forward(show, 1, a=1, b=2)
    last = None
    for i in range(300):
        last = target(i, b=i)
        if i % 100 == 99:
            last = target(i, i, c=i, a="again")
            print(last)
    print(last)


def changed(**named):
    named["x"] = named.get("x", 0) + 1
    named.setdefault("y", 5)
    del named["z"]
    return named


def changes():
    kept = []
    for i in range(200):
        d = changed(z=i, x=i)
        if i % 50 == 0:
            kept.append(d)
    print(kept, d)


def looks(**named):
    return (len(named), named["a"], named.get("b"), named.get("q", 7), "a" in named, "q" in named, "q" not in named,
            list(named), [*named.values()])


def looked():
    for i in range(200):
        r = looks(a=i, b=2, c=None)
    print(r)
    try:
        for i in range(200):
            r = (lambda **k: k["a"] if i < 150 else k["missing"])(a=i)
    except KeyError as e:
        print("KeyError", e, r)


def identity():
    for i in range(200):
        a = [i, 2]
        b = a
        b.append(3)
        c = {"x": a}
        d = c
        d["y"] = i
        e = {**c, "x": 0}
        f = {**e}
        f["z"] = 1
    print(a is b, a, c is d, c, e, f)


def lists():
    total = 0
    t = (1, 2)
    for i in range(300):
        x, y = [i, i + 1]
        z = [x, y, *t]
        total += z[0] + z[-1] + len(z) + len([*t, *t])
        first, *rest = [*t, i]
        total += first + rest[-1]
        u = (*t, i)
        total += u[2]
    print(total, z, rest, u)


def lengths():
    seen = set()
    t = ()
    for i in range(400):
        t = (*t, i) if len(t) < 30 else ()
        seen.add(sum((lambda *a: a)(*t)))
    print(len(seen), sum(seen))


def many():
    def f(**k):
        return len(k), k["v19"]
    for i in range(100):
        r = f(v0=0, v1=1, v2=2, v3=3, v4=4, v5=5, v6=6, v7=7, v8=8, v9=9, v10=i, v11=11, v12=12, v13=13, v14=14, v15=15,
              v16=16, v17=17, v18=18, v19=i)
    print(r)


def twice():
    def f(**k):
        return k
    for i in range(200):
        more = {"a": 1} if i == 150 else {"b": 1}
        try:
            r = f(a=i, **more)
        except TypeError as e:
            print(e)
    print(r)
    for i in range(200):
        key = 5 if i == 160 else "b"
        try:
            r = f(a=i, **{key: 2})
        except TypeError as e:
            print(e)
    print(r)


def order():
    for i in range(200):
        d = {"a": 1, "b": 2, **{"c": 3, "a": i}}
    print(d, {**d, "a": 0, "e": 5})


class Node:
    def __init__(self, *children, **attributes):
        self.children = children
        self.attributes = attributes

    def text(self, *path, **options):
        head = [*path, len(self.children)]
        if not self.children:
            return [(head, dict(self.attributes, **options))]
        out = []
        for number, child in enumerate(self.children):
            out += child.text(*path, number, **options)
        return out


def nodes():
    for i in range(60):
        tree = Node(Node(Node(n=i), Node(), k=1), Node(k=2, n=i))
        r = tree.text(i, deep=i)
    print(r)


def held():
    frames = []
    for i in range(120):
        def gen(*a, **k):
            yield a
            k["i"] = i
            yield k
        g = gen(i, 2, x=3)
        frames.append((next(g), next(g)))
    print(frames[0], frames[-1], len(frames))


def handled():
    def f(*a, **k):
        if a[0] % 50 == 49:
            raise ValueError(a, k)
        return k
    bad = 0
    for i in range(200):
        try:
            r = f(*(i, 2), **{"x": i})
        except ValueError as e:
            bad += len(e.args[0])
            r = e.args[1]
    print(bad, r)


def comprehensions():
    for i in range(100):
        a = [x * i for x in (1, 2, 3)]
        b = {k: i for k in "abc"}
        c = [[y for y in range(x)] for x in range(i % 5)]
        d = [x for x in range(i % 40)]
    print(a, b, c, d)


def numbers():
    for i in range(100):
        a = {}.get(40, i), {"x": i}.get(1024), {"x": i}.get(2.0, 5), 64 in {"x": i}, 8.0 in {}
        b = {"x": i} | {48: i}
        try:
            {"x": i}[72]
        except KeyError as e:
            b["e"] = e.args
    print(a, b)


for test in (numbers, passes, changes, looked, identity, lists, lengths, many, twice, order, nodes, held, handled, comprehensions):
    print(test.__name__)
    test()
