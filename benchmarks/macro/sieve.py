"""Integer loop over a list: primes below a limit, and their gaps."""


def primes(limit):
    flags = [True] * (limit + 1)
    flags[0] = flags[1] = False
    i = 2
    while i * i <= limit:
        if flags[i]:
            for k in range(i * i, limit + 1, i):
                flags[k] = False
        i += 1
    return [n for n in range(limit + 1) if flags[n]]


def bench():
    found = primes(450000)
    widest = 0
    for a, b in zip(found, found[1:]):
        if b - a > widest:
            widest = b - a
    return len(found) * 1000 + widest
