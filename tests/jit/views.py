# Loops over a dict's views: one call of C++ per step.
def views(d, n):
    s = i = 0
    while i < n:    # run: entries<=60
        for k, v in d.items():
            s += k * v
        for v in d.values():
            s += v
        for k in d.keys():
            s -= k
        i += 1
    return s


assert views({1: 2, 3: 4}, 3000) == 3000 * (2 + 12 + 6 - 4)


def summed(d, n):
    s = i = 0
    while i < n:    # run: entries<=60
        s += sum(v for v in d.values()) + max(k * v for k, v in d.items())
        i += 1
    return s


assert summed({1: 2, 3: 4}, 3000) == 3000 * 18
