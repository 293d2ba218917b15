# many generators alive at once and deep yield from
def chain(n):
    if n: yield from chain(n - 1)
    yield n
print(sum(chain(100)))
gs = [chain(3) for _ in range(500)]
print(sum(next(g) for g in gs), sum(next(g) for g in gs), sum(sum(g) for g in gs))
def primes():
    def sieve(p, src):
        for x in src:
            if x % p: yield x
    src = iter(range(2, 200))
    while True:
        p = next(src, None)
        if p is None: return
        yield p
        src = sieve(p, src)
print(list(primes()))
