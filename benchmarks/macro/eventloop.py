"""Coroutines on a hand-written event loop: tasks, sleeping, channels, asynchronous iteration and context managers."""


class Switch:
    def __init__(self, request):
        self.request = request

    def __await__(self):
        return (yield self.request)


class Channel:
    def __init__(self):
        self.items = []
        self.waiting = []

    async def put(self, item):
        self.items.append(item)
        if self.waiting:
            self.loop.ready.append((self.waiting.pop(0), None))
        await Switch(("turn", None))

    async def get(self):
        while not self.items:
            await Switch(("wait", self))
        return self.items.pop(0)

    def __aiter__(self):
        return self

    async def __anext__(self):
        item = await self.get()
        if item is None:
            raise StopAsyncIteration
        return item


class Loop:
    def __init__(self):
        self.ready = []
        self.sleeping = []
        self.now = 0
        self.results = {}
        self.switches = 0

    def spawn(self, name, coroutine):
        self.ready.append(((name, coroutine), None))

    def channel(self):
        channel = Channel()
        channel.loop = self
        return channel

    def run(self):
        while self.ready or self.sleeping:
            if not self.ready:
                self.sleeping.sort(key=lambda entry: entry[:2])
                self.now, _, task = self.sleeping.pop(0)
                self.ready.append((task, self.now))
            batch, self.ready = self.ready, []
            for task, value in batch:
                self.switches += 1
                try:
                    kind, detail = task[1].send(value)
                except StopIteration as stop:
                    self.results[task[0]] = stop.value
                    continue
                if kind == "turn":
                    self.ready.append((task, None))
                elif kind == "sleep":
                    self.sleeping.append((self.now + detail, task[0], task))
                else:
                    detail.waiting.append(task)


class Timed:
    def __init__(self, log):
        self.log = log

    async def __aenter__(self):
        await Switch(("sleep", 2))
        return self

    async def __aexit__(self, kind, value, tb):
        self.log.append(kind is None)


async def ticks(n):
    for i in range(n):
        await Switch(("turn", None))
        yield i


async def deep(n):
    if n == 0:
        await Switch(("turn", None))
        return 1
    return 1 + await deep(n - 1)


async def producer(channel, n, log):
    async with Timed(log):
        async for i in ticks(n):
            await channel.put(i * i)
    await channel.put(None)
    return n


async def consumer(channel):
    total = 0
    async for item in channel:
        total += item + await deep(item % 5)
        if item % 7 == 0:
            await Switch(("sleep", 1 + item % 3))
    return total


def bench():
    loop = Loop()
    log = []
    for k in range(8):
        channel = loop.channel()
        loop.spawn("p%d" % k, producer(channel, 1200, log))
        loop.spawn("c%d" % k, consumer(channel))
    loop.run()
    return sum(loop.results.values()) * 7 + loop.switches + loop.now + sum(log)
