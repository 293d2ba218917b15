# in-place methods fall back to the plain ones
class A:
    def __init__(self, v): self.v = v
    def __iadd__(self, o): self.v += o; return self
    def __sub__(self, o): return A(self.v - o)
    def __imul__(self, o): return NotImplemented
    def __mul__(self, o): return A(self.v * o)
    def __ior__(self, o): return "or"
a = b = A(1)
a += 5; print(a is b, a.v)
a -= 1; print(a is b, a.v)
a *= 3; print(a.v)
a |= 1; print(a)
try: b //= 2
except TypeError as e: print(e)
try: b @= 2
except TypeError as e: print(e)
try: b **= 2
except TypeError as e: print(e)
