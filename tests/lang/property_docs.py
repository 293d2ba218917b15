# Where properties have their doc from, what classmethod and staticmethod take over from a function.
class P:
    @property
    def x(self):
        "doc x"
        return 1
    y = property(lambda s: 1, doc="dy")
print(P.x.__doc__, P.y.__doc__)
P.y.__doc__ = "new"
print(P.y.__doc__)
class SubP(property): pass
class Q:
    @SubP
    def x(self):
        "doc sub"
print(Q.x.__doc__)
print(Q.__dict__['x'].__dict__)
P.x.getter(lambda s: 1).__doc__
z = property(None, None, None, "zz"); print(z.getter(lambda s:1).__doc__)
print(P.x.setter(lambda s,v: 1).__doc__)
def fn(a: int) -> str:
    "d"
fn.attr = 9
c = classmethod(fn); print(c.__annotations__, c.__wrapped__ is fn, c.__doc__, c.__name__, c.__dict__.keys(), c.__isabstractmethod__)
c = staticmethod(fn); print(c.__annotations__, c.__wrapped__ is fn, c.__doc__, c.__name__, sorted(c.__dict__))
