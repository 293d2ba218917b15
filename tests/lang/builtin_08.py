# print with sep, end, file and errors

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


print(1, 2, sep="", end="!\n")
print(1, 2, sep=None, end=None)
print()
print("a", "b", sep="\n")
class Out:
    def __init__(self): self.parts = []
    def write(self, s): self.parts.append(s)
    def flush(self): self.parts.append("FLUSH")
o = Out()
print("x", 5, [1], file=o, flush=True, sep="-")
print(o.parts)
err(lambda: print(1, sep=5))
err(lambda: print(1, end=5))
err(lambda: print(1, foo=2))
err(lambda: print(1, file=5))
