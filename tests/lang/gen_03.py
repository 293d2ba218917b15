# close, GeneratorExit and generators that refuse
def stubborn():
    try: yield 1
    except GeneratorExit: yield 2
g = stubborn(); next(g)
try: g.close()
except RuntimeError as e: print(e)
def quiet():
    try: yield 1
    except GeneratorExit: return 5
g = quiet(); next(g); print(g.close(), g.close())
def angry():
    try: yield 1
    finally: raise OSError("angry")
g = angry(); next(g)
try: g.close()
except OSError as e: print(e, repr(e.__context__))
g = angry(); print(g.close())
def stop():
    yield 1
    raise StopIteration("inner")
try: list(stop())
except RuntimeError as e: print(e, repr(e.__cause__))
def own():
    yield next(g2)
g2 = own()
try: next(g2)
except ValueError as e: print(e)
