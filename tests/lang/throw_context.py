# What throw() raises has the context that the generator gives it, not the caller's.
def g():
    try: yield 1
    except ValueError as e:
        print("caught", repr(e.__context__)); yield 2
def plain(): yield 1
for where in (g, plain):
    x = where(); next(x)
    try: 1/0
    except ZeroDivisionError:
        try: x.throw(ValueError("v"))
        except ValueError as e: print(repr(e.__context__))
# own context kept; itself; in cycle
e = ValueError("own"); e.__context__ = KeyError("k")
x = plain(); next(x)
try: 1/0
except ZeroDivisionError as z:
    try: x.throw(e)
    except ValueError as e: print(repr(e.__context__), repr(e.__context__.__context__))
x = plain(); next(x)
try: raise KeyError("self")
except KeyError as k:
    try: x.throw(k)
    except KeyError as e: print(e is k, repr(e.__context__))
x = plain()
try: 1/0
except ZeroDivisionError:
    try: x.throw(ValueError("unstarted"))
    except ValueError as e: print(repr(e.__context__))
x = plain(); list(x)
try: 1/0
except ZeroDivisionError:
    try: x.throw(ValueError("finished"))
    except ValueError as e: print(repr(e.__context__))
def d(): 
    yield from g()
x = d(); next(x)
try: 1/0
except ZeroDivisionError: print(x.throw(ValueError))
def closing():
    try: yield
    except GeneratorExit as e: print(repr(e.__context__))
x = closing(); next(x)
try: 1/0
except ZeroDivisionError: x.close()
async def co():
    try: await aw()
    except ValueError as e: print("co", repr(e.__context__))
class aw:
    def __await__(self): yield 1
c = co(); c.send(None)
try: 1/0
except ZeroDivisionError:
    try: c.throw(ValueError)
    except StopIteration: pass
async def ag():
    try: yield 1
    except ValueError as e: print("ag", repr(e.__context__)); yield 2
a = ag()
try: a.asend(None).send(None)
except StopIteration: pass
try: 1/0
except ZeroDivisionError:
    try: a.athrow(ValueError).send(None)
    except StopIteration as s: print(s.value)
def inhandler():
    try: raise KeyError("inner")
    except KeyError:
        try: yield 1
        except ValueError as e: print("inh", repr(e.__context__), repr(e.__context__.__context__ ))
x = inhandler(); next(x)
try: 1/0
except ZeroDivisionError:
    try: x.throw(ValueError)
    except StopIteration: pass
def plain(): yield 1
def fin():
    try: yield 1
    finally: pass
def rer():
    try: yield 1
    except ValueError: raise
def rer2():
    try: yield 1
    except ValueError as e: raise e
def unm():
    try: yield 1
    except KeyError: pass
def raised():
    yield 1
    raise ValueError
for gen in (plain, fin, rer, rer2, unm, raised):
    for inside in (0,1):
        for what in (ValueError, ValueError("i")):
            if inside:
                x = gen()
            else:
                x = gen(); next(x)
            try: 1/0
            except ZeroDivisionError:
                if inside: next(x)
                try: x.throw(what)
                except ValueError as e: print(gen.__name__, inside, what, repr(e.__context__))
