# throw and close in coroutines
class W:
    def __await__(self): return (yield "w")
async def f():
    try: return await W()
    except ValueError as e: return f"caught {e}"
    finally: print("fin")
c = f(); print(c.send(None))
try: c.throw(ValueError("v"))
except StopIteration as e: print(e.value)
c = f(); c.send(None); c.close()
c = f(); c.close(); print(c.cr_running, c.cr_await)
c = f(); c.send(None)
try: c.throw(KeyError("k"))
except KeyError as e: print(repr(e))
async def two():
    x = f()
    await x
    await x
t = two(); t.send(None)
try: t.send(1)
except RuntimeError as e: print(e)
