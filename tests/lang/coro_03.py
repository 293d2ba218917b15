# async with and async for
class CM:
    async def __aenter__(self): print("aenter"); return "cm"
    async def __aexit__(self, t, v, tb): print("aexit", t); return t is ValueError
class AI:
    def __init__(self, n): self.i, self.n = 0, n
    def __aiter__(self): return self
    async def __anext__(self):
        if self.i == self.n: raise StopAsyncIteration
        self.i += 1
        return self.i
async def main():
    async with CM() as c: print(c)
    async with CM(), CM() as d: raise ValueError
    async for x in AI(3):
        if x == 2: continue
        print(x)
    else: print("else")
    async for x in AI(3): break
    print([x async for x in AI(3)], {x: 1 async for x in AI(2)}, {x async for x in AI(2) if x > 1}, [y for y in [x async for x in AI(2)]])
    return "end"
def run(c):
    try:
        while True: print("yielded", c.send(None))
    except StopIteration as e: return e.value
print(run(main()))
async def e1():
    async with 5: pass
async def e2():
    async for x in 5: pass
async def e3():
    async for x in B(): pass
async def e4():
    async for x in B2(): pass
class B:
    def __aiter__(self): return 5
class B2:
    def __aiter__(self): return self
    def __anext__(self): return 5
for f in (e1, e2, e3, e4):
    try: run(f())
    except TypeError as e: print(e)
