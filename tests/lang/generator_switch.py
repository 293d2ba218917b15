# Generators of different code and at different places, resumed at one place: compiled code switches.

def inner(n, tag):
    for i in range(n):
        got = yield (tag, i)
        if got: tag = got
    return tag
def outer_a(n):
    r = yield from inner(n, 'a')
    yield r
def outer_b(n):
    x = 0
    while x < n:
        x += 1
        yield ('b', x)
        yield ('c', x * 2)
async def co(n):
    t = 0
    for i in range(n):
        t += await Sw(i)
    return t
class Sw:
    def __init__(self, v): self.v = v
    def __await__(self):
        return (yield self.v)
def deep(n):
    if n: yield from deep(n - 1)
    else:
        for i in range(3): yield i
def run(n):
    tasks = [outer_a(n), outer_b(n), outer_a(n // 2), outer_b(n // 3), co(n)]
    total = 0
    done = []
    while tasks:
        batch, tasks = tasks, []
        for t in batch:
            try:
                v = t.send(None if not total or not hasattr(t, 'cr_frame') or t.cr_frame.f_lasti < 6 else 2)
            except StopIteration as e:
                done.append(e.value)
                continue
            if isinstance(v, tuple): total += v[1]
            elif isinstance(v, int): total += 1
            tasks.append(t)
    return total, done, [sum(deep(k)) for k in range(12)]
for k in range(3):
    print(run(700))
