# the old sequence protocol iterates with __getitem__

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


class S:
    def __getitem__(self, i):
        if i >= 4: raise IndexError
        return i * i
    def __len__(self): return 4
s = S()
print(list(s), 9 in s, 5 in s, list(reversed(s)), [*s], max(s), sum(s), list(zip(s, s)), sorted(s, reverse=True))
a, b, *c = s
print(a, b, c)
it = iter(s)
print(next(it), it.__length_hint__(), list(it), list(it))
class T:
    def __getitem__(self, i): raise StopIteration
print(list(T()))
class U: __iter__ = None
err(lambda: iter(U()))
err(lambda: 1 in U())
