# raise: classes, instances, from, bare and errors
def r(x): raise x
def rf(x, y): raise x from y
def bare(): raise
for a in (ValueError, ValueError(1, 2), 5, "x", None, int):
    try: r(a)
    except BaseException as e: print(repr(e))
for a, b in ((ValueError, KeyError), (ValueError("a"), None), (ValueError, 5), (ValueError("v"), OSError("o"))):
    try: rf(a, b)
    except BaseException as e: print(repr(e), repr(e.__cause__), e.__suppress_context__)
try: bare()
except RuntimeError as e: print(e)
try:
    try: 1 / 0
    except ZeroDivisionError: bare()
except ZeroDivisionError as e: print("again", e)
class Odd(Exception):
    def __new__(cls): return 5
try: r(Odd)
except TypeError as e: print(e)
