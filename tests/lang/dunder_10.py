# iterators: __iter__, __next__, exhaustion and errors

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


class Count:
    def __init__(self, n): self.n = n
    def __iter__(self): return self
    def __next__(self):
        if self.n == 0: raise StopIteration("done")
        self.n -= 1
        return self.n
c = Count(3)
print(list(c), list(c), next(c, "default"))
try: next(c)
except StopIteration as e: print(repr(e), e.value)
for x in Count(2): print(x)
class Bad:
    def __iter__(self): return iter([1])
    def __next__(self): return 5
print(list(Bad()), next(Bad()))
class Raises:
    def __iter__(self): return self
    def __next__(self): raise ValueError("stop here")
err(lambda: list(Raises()))
err(lambda: next(5))
err(lambda: next([]))
err(lambda: next(iter([])))
err(lambda: iter(5))
err(lambda: for_() if False else iter(lambda: 1))
