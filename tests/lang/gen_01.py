# generators: laziness, next, send and exhaustion
def g():
    print("start")
    x = yield 1
    print("got", x)
    y = yield x
    print("got", y)
    return "result"
it = g()
print(next(it), it.send("a"))
try: it.send("b")
except StopIteration as e: print(e.value)
try: next(it)
except StopIteration as e: print(repr(e))
it = g()
try: it.send(1)
except TypeError as e: print(e)
print(it.send(None), it.gi_frame is not None, it.gi_running, it.gi_yieldfrom, it.gi_code.co_name)
it.close()
print(it.gi_frame, list(it))
