# throw into a generator

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


def g():
    while True:
        try: x = yield "ready"
        except ValueError as e: print("caught", e); yield "handled"
        except GeneratorExit: print("exit"); raise
        finally: print("finally")
it = g()
print(next(it), it.throw(ValueError("v")), next(it), it.throw(ValueError, "w"), next(it))
try: it.throw(KeyError("k"))
except KeyError as e: print("out", e)
print(next(it, "finished"))
it = g()
try: it.throw(OSError("before start"))
except OSError as e: print(e)
it = g(); next(it); it.close()
err(lambda: g().throw(5))
err(lambda: g().throw(ValueError, ValueError("x"), 5))
err(lambda: g().throw(int))
