# a small scheduler runs several tasks
class Sleep:
    def __init__(self, n): self.n = n
    def __await__(self):
        for _ in range(self.n): yield
        return self.n
log = []
async def worker(name, n):
    for i in range(n):
        log.append((name, i))
        await Sleep(i + 1)
    return name, n
async def group(): return [await worker(f"g{i}", 1) for i in range(2)]
def loop(*coros):
    ready, results = list(coros), {}
    while ready:
        c = ready.pop(0)
        try: c.send(None)
        except StopIteration as e: results[c.__name__] = results.get(c.__name__, []) + [e.value]
        else: ready.append(c)
    return results
print(loop(worker("a", 3), worker("b", 2), group()))
print(log)
