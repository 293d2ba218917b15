# Calls that a trace does not inline: recursion, and loops in called functions. Compiled code pushes
# and pops the frames; the interpreter is hardly ever needed.
def fib(n):                     # run: entries<=700, exits<=90
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def row(n, k):
    s = 0
    for j in range(n):          # run: entries<=300, exits<=60
        s += j * k
    return s


def first_divisor(n):
    d = 2
    while d * d <= n:           # run: entries<=1200
        if n % d == 0:
            return d
        d += 1
    return n


def escape(start, limit):
    x = start
    for i in range(limit):      # loop: no calls, no barriers, guards<=4
        if x > 1e6:
            return i
        x = x * 1.5 + 1.0
    return limit


def sums():
    total = primes = 0
    for i in range(3000):
        total += row(20, i)
    for i in range(2, 6000):
        primes += first_divisor(i) == i
    return total, primes


assert fib(21) == 10946
assert sum([escape(k, 50) for k in range(2000)]) == 36537
assert sums() == (854715000, 783)
