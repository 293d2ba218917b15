# Lists and dicts that are taken apart where they were put together are never made.
def target(*args, **named):
    return args[-1] + named["k"] + len(named)


def forward(function, *front):
    def call(*args, **named):
        return function(*front, *args, **named)
    return call


def wrapped(n):
    s, f = 0, forward(target)
    for i in range(n):    # loop: no calls, no New
        s += f(1, i, k=2, m=i)
    return s


def known_front(n):
    s, f = 0, forward(target, 5)
    for i in range(n):    # loop: no calls, no New
        s += f(i, k=2)
    return s


def literal(i):
    x, y = [i, 1]
    d = {"a": x, "b": y}
    if "b" in d:
        return [x, y, 7][-1] + d["a"] + d.get("c", 3) + len([i, i, i])


def literals(n):
    s = 0
    for i in range(n):    # loop: no calls, no New
        s += literal(i)
    return s


def options(**named):
    return named.get("deep", 1) + len({**named, "deep": 2})


def asked(n):
    s = 0
    for i in range(n):    # loop: no calls, no New
        s += options(deep=i) + options()
    return s


def kept(n):
    d = None
    for i in range(n):    # loop: Call<=2, New<=1
        d = {"a": i}
        d["b"] = 1
    return d


print(wrapped(3000), known_front(3000), literals(3000), asked(3000), kept(3000))
