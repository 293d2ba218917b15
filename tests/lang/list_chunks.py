# Lists around and beyond the size where storage is split into chunks, against a model of tuples.
def numbers(seed):
    x = seed
    while True:
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF
        yield x >> 5


def digest(items):
    h = 17
    for v in items:
        h = (h * 31 + v) & 0xFFFFFFFFFFFF
    return h


def check(l, model, what):
    if tuple(l) != model or len(l) != len(model) or [v for v in l] != list(model):
        print("wrong after", what, len(l), len(model))
        raise SystemExit(1)
    n = len(model)
    for i in (0, 1, 126, 127, 128, 129, 255, 256, n - 1):
        if 0 <= i < n and (l[i] != model[i] or l[i - n] != model[i - n]):
            print("wrong item after", what, i)
            raise SystemExit(1)


def play(seed, start, steps):
    r = numbers(seed)
    l = list(range(start))
    m = tuple(range(start))
    for step in range(steps):
        x = next(r)
        n = len(m)
        a, b = sorted((next(r) % (n + 1), next(r) % (n + 1)))
        new = tuple(range(x % 97, x % 97 + next(r) % 150))
        what = x % 18
        if what == 0:
            l.append(x)
            m += (x,)
        elif what == 1:
            l.extend(new)
            m += new
        elif what == 2:
            l.insert(a, x)
            m = m[:a] + (x,) + m[a:]
        elif what == 3 and n:
            a = min(a, n - 1)
            got = l.pop(a)
            assert got == m[a]
            m = m[:a] + m[a + 1:]
        elif what == 4 and n:
            assert l.pop() == m[-1]
            m = m[:-1]
        elif what == 5:
            l[a:b] = new
            m = m[:a] + new + m[b:]
        elif what == 6:
            del l[a:b]
            m = m[:a] + m[b:]
        elif what == 7 and n:
            a = min(a, n - 1)
            l[a] = x
            m = m[:a] + (x,) + m[a + 1:]
        elif what == 8:
            l.reverse()
            m = m[::-1]
        elif what == 9:
            l.sort(reverse=x % 2 == 0)
            m = tuple(sorted(m, reverse=x % 2 == 0))
        elif what == 10:
            l.sort(key=lambda v: (v % 7, -v))
            m = tuple(sorted(m, key=lambda v: (v % 7, -v)))
        elif what == 11:
            step_ = 1 + next(r) % 5
            assert tuple(l[a:b:step_]) == m[a:b:step_] and tuple(l[b:a:-step_]) == m[b:a:-step_]
        elif what == 12:
            del l[a::3]
            gone = set(range(a, n, 3))
            m = tuple(v for i, v in enumerate(m) if i not in gone)
        elif what == 13:
            k = len(l[a:b:2])
            l[a:b:2] = [7] * k
            t = list(range(n))
            at = t[a:b:2]
            m = tuple(7 if i in at else v for i, v in enumerate(m))
        elif what == 14:
            l += l[a:b]
            m += m[a:b]
        elif what == 15 and n < 600:
            l *= 2
            m *= 2
        elif what == 16:
            l = l[:] if x % 2 else l.copy()
        elif what == 17 and n > 500:
            l.clear()
            m = ()
        check(l, m, what)
    print(seed, len(l), digest(l))


for seed in range(12):
    play(seed, (0, 5, 127, 128, 129, 130, 255, 256, 257, 384, 500, 1000)[seed], 150)

# iteration while the list grows and shrinks
l = list(range(126))
seen = []
for v in l:
    seen.append(v)
    if v < 10:
        l.append(1000 + v)
    if v == 60:
        del l[:20]
print(len(seen), seen[-3:], len(l))
it = iter(list(range(300)))
print(sum(1 for _ in it), list(it))
r = reversed(list(range(300)))
print(next(r), sum(r))

# indices out of range
big = list(range(200))
for i in (200, -201, 10 ** 9, -10 ** 9, 10 ** 30):
    for f in (lambda: big[i], lambda: big.__setitem__(i, 0), lambda: big.pop(i)):
        try:
            f()
        except (IndexError, OverflowError) as e:
            print(type(e).__name__, e)

# sort sees an empty list, and notices what is done to it
big = list(range(400, 0, -1))
lengths = set()


def key(v):
    lengths.add(len(big))
    return v


big.sort(key=key)
print(lengths, big[0], big[-1], len(big))


def meddle(v):
    if v == 200:
        big.append("x")
    return -v


try:
    big.sort(key=meddle)
except ValueError as e:
    print(e, len(big), big[0])


def fail(v):
    if v == 100:
        raise KeyError(v)
    return v


try:
    big.sort(key=fail)
except KeyError as e:
    print("KeyError", e, len(big))

# objects survive collections
import gc
boxes = [[i] for i in range(500)]
for i in range(0, 500, 7):
    boxes[i] = [-i]
gc.collect()
more = [str(i) for i in range(20000)]
print(sum(b[0] for b in boxes), len(more), digest(b[0] & 0xFF for b in boxes))
