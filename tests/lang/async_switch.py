# Asynchronous protocols run as frames of the VM, compiled or not: values, ends, errors, tracebacks.
import sys


class Turn:
    def __init__(self, v):
        self.v = v

    def __await__(self):
        got = yield self.v
        return self.v if got is None else got


class Bad:
    def __await__(self):
        return 3


class Worse:
    def __await__(self):
        async def c():
            pass
        self.c = c()
        return self.c


class Counter:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        return await Turn(self.n)


class NoNext:
    def __aiter__(self):
        return 5


class BadNext:
    def __aiter__(self):
        return self

    def __anext__(self):
        return "x"


async def ticks(n):
    got = None
    for i in range(n):
        await Turn(("in", i))
        got = yield (i, got)
    if n == 7:
        raise KeyError(n)


async def nest(n):
    async for pair in ticks(n):
        yield pair[0] * 2


def drive(c, values=True):
    seen = 0
    try:
        v = c.send(None)
        while True:
            seen += 1
            v = c.send(v if values else None)
    except StopIteration as e:
        return seen, e.value


async def total(n):
    t = 0
    async for a in Counter(n):
        t += a
    async for b in nest(n):
        t += b
    return t + sum([x async for x in nest(5)])


async def failing(kind):
    try:
        if kind == 0:
            async for _ in ticks(7):
                pass
        elif kind == 1:
            await Bad()
        elif kind == 2:
            w = Worse()
            try:
                await w
            finally:
                w.c.close()
        elif kind == 3:
            async for _ in NoNext():
                pass
        elif kind == 4:
            async for _ in BadNext():
                pass
        elif kind == 5:
            g = ticks(3)
            await g.asend(None)
            return await g.asend("hello")
        elif kind == 6:
            g = ticks(3)
            await g.__anext__()
            await g.aclose()
            return await g.__anext__()
        elif kind == 7:
            g = ticks(3)
            a = g.__anext__()
            a.send(None)
            await g.__anext__()
        else:
            g = ticks(4)
            await g.__anext__()
            await g.athrow(ValueError("thrown"))
    except Exception as e:
        names = []
        tb = e.__traceback__
        while tb:
            names.append(tb.tb_frame.f_code.co_name)
            tb = tb.tb_next
        cause = type(e.__cause__).__name__
        return type(e).__name__, str(e), names, cause


for k in (3, 40, 300):
    print(drive(total(k)), drive(total(k), False))
for rounds in range(60):
    results = [drive(failing(k)) for k in range(9)]
for r in results:
    print(r)


def kept(n):
    async def one():
        g = ticks(n)
        out = []
        async for a, b in g:
            out.append((a, sys._getframe().f_code.co_name))
            if a == n - 2:
                break
        return out[-1], g.ag_running
    return drive(one())


print([kept(n) for n in range(2, 60)][-3:])
