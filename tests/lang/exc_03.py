# contexts and causes chain
def chain(e):
    out = []
    while e is not None:
        out.append((repr(e), repr(e.__cause__), e.__suppress_context__))
        e = e.__cause__ or e.__context__
    return out
try:
    try:
        try: 1 / 0
        except ZeroDivisionError as a: raise KeyError("k") from a
    except KeyError: raise ValueError("v")
except ValueError as e:
    for x in chain(e): print(x)
try:
    try: raise ValueError(1)
    finally: raise KeyError(2)
except KeyError as e: print(chain(e))
e = ValueError()
e.__cause__ = KeyError()
print(e.__suppress_context__)
try: e.__cause__ = 5
except TypeError as x: print(x)
try: e.__context__ = 5
except TypeError as x: print(x)
try: del e.__context__
except TypeError as x: print(x)
try: e.__traceback__ = 5
except TypeError as x: print(x)
