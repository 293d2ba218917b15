# Keys exchanged during an iteration: the size stays, so it is found out only when entries are left over at the end.
def attempt(f):
    try:
        print(f())
    except RuntimeError as e:
        print('RuntimeError', e)


for view in (dict.keys, dict.values, dict.items):
    for many in (1, 3):
        d = dict.fromkeys(range(6))
        it = iter(view(d))
        next(it)
        for i in range(many):
            d.pop(i)
            d['x%d' % i] = i
        print(it.__length_hint__())
        seen = []
        attempt(lambda: [seen.append(x) for x in it])
        print(len(seen), seen[-1], list(it), it.__length_hint__())

    d = dict.fromkeys(range(4))
    it = reversed(view(d))
    next(it)
    d.pop(3)
    d['y'] = 1
    attempt(lambda: list(it))

    d = dict.fromkeys(range(4))
    it = iter(view(d))
    next(it)
    d.pop(2)
    d['z'] = 1
    attempt(lambda: list(it))
    d['w'] = 1
    attempt(lambda: next(it, 'done'))

    d = {1: 1, 2: 2}
    it = iter(view(d))
    next(it)
    d[3] = 3
    attempt(lambda: next(it))
    d.pop(3)
    attempt(lambda: next(it))
