# Generators, coroutines and exceptions are frames and jumps in the trace; recursion and other shapes have traces of their own.
def numbers(n):
    for i in range(n):
        yield i


def generator(n):
    s = 0
    for x in numbers(n):    # loop: no calls, no New, no barriers, guards<=1
        s += x
    return s


def expression(n):
    return sum(i * 2 for i in range(n))


def delegated(n):
    def outer():
        yield from numbers(n)

    s = 0
    for x in outer():    # loop: no calls, no New, guards<=8
        s += x
    return s


def sends(n):
    def accumulate():
        total = 0
        while True:
            total += yield total

    g = accumulate()
    next(g)
    s = 0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        s = g.send(i)
    return s


async def later(x):
    return x + 1


def coroutines(n):
    async def main():
        s = 0
        for i in range(n):
            s += await later(i)
        return s

    try:
        main().send(None)
    except StopIteration as done:
        return done.value


def caught(n):
    s = 0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        try:
            s += i
        except ValueError:
            s -= 1
    return s


def finals(n):
    s = 0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        try:
            s += 1
        finally:
            s += 2
    return s


def raised(n):
    s = 0
    for i in range(n):    # loop: no New, guards<=3
        try:
            raise KeyError(i)
        except KeyError:
            s += 1
    return s


def missing(n):
    d, s = {}, 0
    for i in range(n):    # loop: no New, guards<=7
        try:
            s += d["x"]
        except KeyError:
            s += 1
    return s


def kinds(n):
    s = 0
    for i in range(n):    # run:
        if i % 3 == 0:
            s += 1
        elif i % 3 == 1:
            s += 2
        else:
            s += 3
    return s


def shapes(objects, n):
    s = 0
    for k in range(n):
        for o in objects:    # run:
            s += o.value()
    return s


class A:
    def value(self):
        return 1


class B:
    def value(self):
        return 2


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def nest(n):
    s = 0
    for i in range(n):
        for j in range(n):    # loop: no calls, no New, no barriers, guards<=1
            s += i ^ j
    return s


def comprehension(n):
    s = 0
    for i in range(n):    # run:
        s += len([x for x in (1, 2, i)])
    return s


def search(a, n):
    found = 0
    for k in range(n):
        for x in a:    # loop: no calls, no New, guards<=3
            if x == 90:
                found += 1
                break
    return found


def matches(n):
    s = 0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=3
        match i & 1:
            case 0 | 1:
                s += 1
            case _:
                s += 2
    return s


print(generator(3000), expression(3000), delegated(3000), sends(3000), coroutines(3000), caught(3000), finals(3000))
print(raised(3000), missing(3000), kinds(3000), shapes([A(), B()] * 20, 100), fib(16), nest(70), comprehension(2000))
print(search(list(range(100)), 100), matches(3000))
