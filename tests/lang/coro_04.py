# async generators driven by hand
class W:
    def __await__(self): return (yield "w")
async def ag(n):
    try:
        for i in range(n):
            x = yield i
            print("sent", x)
            await W()
    finally: print("ag fin")
def run(c):
    try:
        while True: print("yielded", c.send(None))
    except StopIteration as e: return e.value
async def main():
    async for v in ag(2): print("v", v)
    g = ag(3)
    print(await g.__anext__(), await g.asend("A"))
    try: await g.athrow(KeyError("k"))
    except KeyError as e: print(repr(e))
    g = ag(1)
    print(await g.__anext__())
    await g.aclose()
    try: await g.__anext__()
    except StopAsyncIteration: print("stopped")
    print([x async for x in (y * 2 async for y in ag(2))])
    g = ag(1)
    print(await anext(g), await anext(ag(0), "dflt"))
    await g.aclose()
run(main())
print(type(ag(1)), ag(1).ag_running, ag.__code__.co_flags & 0x200 != 0)
