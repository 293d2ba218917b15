# Dicts of subclasses, deques, del, bound methods and C++ iterators in loops that are compiled.
from collections import ChainMap, Counter, OrderedDict, defaultdict, deque
from itertools import combinations, permutations, product, repeat
import threading

N = 300


def grouping():
    d = defaultdict(list)
    made = []
    e = defaultdict(lambda: made.append(1) or 7)
    f = defaultdict(int, x=5)
    for i in range(N):
        d[i % 13].append(i)
        e[i % 7 if i < 200 else i] += 1
        f[str(i % 5)] += i
        f["x"] -= 1
    print({k: sum(v) for k, v in d.items()}, len(made), e[3], e[250], dict(f))
    none = defaultdict(None, {1: 2})
    found = lost = 0
    for i in range(N):
        try:
            found += none[i % 3]
        except KeyError as k:
            lost += k.args[0]
    print(found, lost, len(none))


def missing():
    class Upper(dict):
        def __missing__(self, key):
            if key == 17:
                raise ValueError(key)
            return key * 2

    class Stubborn(dict):
        def __getitem__(self, key):
            return "mine"

        def __contains__(self, key):
            return key == 5

        def __setitem__(self, key, v):
            super().__setitem__(key, -v)

        def __delitem__(self, key):
            super().__setitem__(key, "deleted")

    u, s = Upper({1: 1}), Stubborn()
    total, caught, inside = 0, 0, 0
    for i in range(N):
        try:
            total += u[i % 20]
        except ValueError as e:
            caught += e.args[0]
        s[i % 4] = i
        inside += (i in s) + (i in u)
        if i % 50 == 3:
            del s[i % 4]
    print(total, caught, inside, s[1], dict.__getitem__(s, 1), sorted(map(str, s.values())), len(u))


def counting():
    c = Counter()
    o = OrderedDict()
    for i in range(N):
        c["abcab"[i % 5]] += 1
        o[i % 10] = i
        if i % 10 == 4 and i % 20 < 10:
            del o[i % 10]
            o.move_to_end(i % 10 - 1, last=False)
    print(c, c.most_common(1), list(o.items()), o.get(77, "none"), c["nothing"])
    chain = ChainMap({"a": 1}, {"b": 2})
    n = 0
    for i in range(N):
        n += chain["ab"[i % 2]] + (("a" in chain) and "z" not in chain)
    print(n)


class Odd:
    def __init__(self, k):
        self.k = k

    def __hash__(self):
        return 1

    def __eq__(self, other):
        return isinstance(other, Odd) and self.k == other.k


def odd_keys():
    d = defaultdict(int)
    e = {}
    for i in range(N):
        k = Odd(i % 3) if i % 4 == 1 else i % 3
        d[k] += 1
        e[k] = i
        if i % 9 == 8:
            del e[k]
    print([(getattr(k, "k", k), v) for k, v in d.items()], sorted(e.values()))


def deques():
    q = deque(range(10), maxlen=12)
    total = 0
    for i in range(N):
        total += q[i % 10] - q[-1]
        q[i % 10] = i
        if i % 7 == 0:
            del q[3]
            q.append(i)
        for x in q:
            total += x
        if i % 11 == 0:
            for x in reversed(q):
                total -= x
    print(total, q)
    errors = []
    for i in range(N):
        try:
            total += q[i]
        except IndexError as e:
            errors.append(str(e))
        try:
            q["a" if i == 200 else 0] = i
        except TypeError as e:
            errors.append(str(e))
    print(total, len(errors), errors[0], errors[-1], [e for e in errors if "integer" in e])
    try:
        for n, x in enumerate(q):
            if n == 4:
                q.append(1)
    except RuntimeError as e:
        print(e)


def deletions():
    d, l, b = {}, list(range(1000)), bytearray(range(200)) * 4
    errors = 0
    for i in range(N):
        d[i] = i
        d["k%d" % (i % 10)] = i
        if i > 5:
            del d[i - 5]
        del l[i % 7], l[-1], l[3:4]
        del b[i % 5]
        try:
            del d[-1 if i % 3 else "k%d" % (i % 10)]
        except KeyError as e:
            errors += 1
    print(len(d), len(l), l[:5], len(b), errors)
    try:
        for i in range(N):
            del l[20]
    except IndexError as e:
        print(e, len(l))


def bound():
    class A:
        def __init__(self):
            self.n = 0
            self.hidden = 1

        def add(self, k):
            self.n += k
            return self.add

        def hidden_method(self):
            return "method"

    class B(A):
        pass

    a, out, text = A(), [], []
    for i in range(N):
        f = out.append
        f(i)
        g = a.add
        g = g(i)(1)
        u = "abc".upper
        text.append(u())
        if i == 200:
            A.add = lambda self, k: setattr(self, "n", -1) or (lambda j: self.add)
        if i == 250:
            a.add = lambda k: (lambda j: None)
    print(len(out), a.n, set(text), f is out.append, f == out.append, f.__self__ is out)
    kept = []
    for i in range(N):
        kept.append((a if i % 2 else out).__init__)
        del kept[:-3]
    print([type(k).__name__ for k in kept])
    b = B()
    for i in range(N):
        m = b.hidden_method
        if i == 150:
            b.hidden_method = lambda: "own"
    print(m())


def iterators():
    total = 0
    for i in range(60):
        for a, b in combinations((1, 2, i), 2):
            total += a * b
        for p in permutations((i, 2, 3)):
            total -= p[0]
        for x, y in product((1, i), repeat=2):
            total += x - y
        for z in repeat(i, 3):
            total += z
    print(total)


def locks():
    c, plain = threading.Condition(), threading.Condition(threading.Lock())
    done = 0
    for i in range(N):
        with c:
            with c:
                done += c._is_owned()
                c.notify()
        with plain:
            plain.notify_all()
        lock = threading.Lock()
        enter = lock.acquire
        enter()
        done += lock.locked()
        lock.release()
    print(done, c)


for test in (grouping, missing, counting, odd_keys, deques, deletions, bound, iterators):
    print(test.__name__)
    test()
locks_text = []
print_, print = print, lambda *a: locks_text.append(a)
locks()
print = print_
print(locks_text[0][0])


def graph(n):
    q, seen, out = deque([(0, 0)]), {(0, 0)}, 0
    while q:
        x, y = q.popleft()
        out += x * y
        for a, b in ((x + 1, y), (x, y + 1)):
            if a < n and b < n and (a, b) not in seen:
                seen.add((a, b))
                q.append((a, b))
    print(out, len(seen))


class Same:
    def __init__(self, k):
        self.k = k

    def __eq__(self, other):
        return isinstance(other, Same) and other.k == self.k


def any_items():
    q, errors = deque(), 0
    for i in range(N):
        x = [i, (i,), Same(i % 5), str(i), None][i % 5]
        q.append(x)
        q.appendleft(i % 3)
        q.extend((i, x))
        q.insert(i % 4, x)
        if i % 3 == 0:
            q.remove(x)
        try:
            q.remove(Same(i % 7))
        except ValueError:
            errors += 1
        q.rotate(i % 5 - 2)
        while len(q) > 9:
            q.pop()
        if i % 10 == 0:
            errors += q.count(Same(1)) + q.count(None) + len(q.copy())
    print(errors, [getattr(x, "k", x) for x in q])


graph(12)
any_items()
