# changing __class__ and __bases__

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


class A:
    def who(self): return "A"
class B:
    def who(self): return "B"
class C(A): pass
a = A()
a.__class__ = B
print(a.who(), type(a).__name__)
c = C()
C.__bases__ = (B,)
print(c.who(), C.__mro__)
def f(): a.__class__ = int
def g(): a.__class__ = 5
def h(): C.__bases__ = ()
def i(): C.__bases__ = (C,)
def j(): (5).__class__ = A
for k in (f, g, h, i, j): err(k)
