# coroutines driven by hand
class Wait:
    def __init__(self, v): self.v = v
    def __await__(self):
        r = yield self.v
        return r
async def inner(x):
    r = await Wait(x)
    return r + 1
async def outer():
    a = await inner("first")
    b = await inner("second")
    return a, b
c = outer()
print(c.send(None), c.send(10))
try: c.send(20)
except StopIteration as e: print(e.value)
try: c.send(None)
except RuntimeError as e: print(e)
print(type(c), c.cr_frame, c.__name__)
async def bad(): await 5
try: bad().send(None)
except TypeError as e: print(e)
async def bad2(): await W2()
class W2:
    def __await__(self): return 5
try: bad2().send(None)
except TypeError as e: print(e)
c = outer()
try: iter(c)
except TypeError as e: print(e)
c.close()
