# exceptions with their own constructors
class My(Exception):
    def __init__(self, a, b=2):
        super().__init__(f"{a}-{b}")
        self.a, self.b = a, b
    def __str__(self): return "My:" + super().__str__()
try: raise My(1)
except My as e: print(e, e.args, e.a, e.b, repr(e))
class NoInit(ValueError):
    def __init__(self, x): pass
print(NoInit(5).args, repr(NoInit(6)))
class M(KeyError, ValueError): pass
for c in (KeyError, ValueError, LookupError):
    try: raise M("m")
    except c as e: print(c.__name__, e)
try:
    class X(ValueError, OSError, ImportError): pass
except TypeError as e: print(e)
try: raise My
except TypeError as e: print(e)
class S(Exception): __slots__ = ("q",)
s = S(1); s.q = 2; s.z = 3
print(s.q, s.__dict__)
