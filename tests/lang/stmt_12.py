# with rejects objects without the protocol
class E:
    def __enter__(self): return self
class X:
    def __exit__(self, *a): pass
for o in (5, E(), X()):
    try:
        with o: print("body")
    except TypeError as e: print(type(e).__name__, e)
class Bad:
    def __enter__(self): raise KeyError("in enter")
    def __exit__(self, *a): print("never")
try:
    with Bad(): pass
except KeyError as e: print(e)
class Swap:
    def __enter__(self): pass
    def __exit__(self, t, v, tb): raise OSError("swap")
try:
    with Swap(): raise ValueError("first")
except OSError as e: print(e, repr(e.__context__))
