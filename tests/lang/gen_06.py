# a generator in the middle of an exception
def g():
    try: 1 / 0
    except ZeroDivisionError as e:
        yield repr(e)
        try: raise
        except ZeroDivisionError as f: yield f is e
    import sys
    yield sys.exc_info()[0]
it = g()
try: raise KeyError("outer")
except KeyError:
    print(next(it), next(it), next(it))
def h():
    import sys
    yield sys.exc_info()[0]
    yield sys.exc_info()[0]
it = h()
print(next(it))
try: raise KeyError
except KeyError: print(next(it))
