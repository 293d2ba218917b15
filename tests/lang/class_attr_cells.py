# Class attributes that are rewritten: every way to look at them, before and after.
class C:
    n = 0
    s = "a"
    def f(self):
        return "f"


def show(cls, o):
    print(cls.n, o.n, cls.__dict__["n"], vars(cls)["n"], getattr(cls, "n"), "n" in cls.__dict__, "n" in dir(cls),
          [v for k, v in cls.__dict__.items() if k == "n"], dict(cls.__dict__)["n"], cls.__dict__.get("n"))


o = C()
for i in range(6):
    C.n += 1
    show(C, o)
print(list(C.__dict__) == list(vars(C)), list(C.__dict__)[:4])

# subclasses, super(), instances that hide it
class D(C):
    def up(self):
        return super().n
    @classmethod
    def cup(cls):
        return super().n

d = D()
for i in range(3):
    C.n += 10
    print(D.n, d.n, d.up(), D.cup())
D.n = 5
print(D.n, C.n, d.n, d.up())
D.n = 6
D.n += 1
print(D.n, C.n, d.n, d.up())
o.n = "own"
C.n = 7
print(o.n, C().n)
del o.n
print(o.n)

# delete, and again
del D.n
print(D.n, d.n, "n" in D.__dict__)
try:
    del D.n
except AttributeError as e:
    print(e)
del C.n
print(hasattr(C, "n"), hasattr(d, "n"))
C.n = 1
C.n = 2
C.n = 3
show(C, o)

# a value that is a descriptor acts as one
def read(x):
    return x.n
for v in (4, property(lambda self: "prop"), 5, 6):
    C.n = v
    print(read(o), read(d), type(C.__dict__["n"]).__name__)
o2 = C()
o2.n = "hidden by data descriptors"
for v in (8, 9, property(lambda self: "prop2"), 10):
    C.n = v
    print(read(o2), type(C.__dict__["n"]).__name__)

class Get:
    def __get__(self, obj, owner=None):
        return ("get", obj is None, owner.__name__)

C.n = 1
C.n = 2
C.n = Get()
print(o.n, C.n, o2.n)
C.n = lambda self: "now a method"
print(o.n(), o2.n)
C.n = staticmethod(lambda: "static")
print(o.n(), C.n())
C.n = classmethod(lambda cls: cls.__name__)
print(o.n(), D.n())
C.n = 11
C.n += 1
print(o.n, C.n)

# a class that becomes a descriptor later
class Later:
    pass

C.n = Later()
C.n = Later()
print(type(read(o)).__name__)
Later.__get__ = lambda self, obj, owner=None: "later"
print(read(o), C.n)
del Later.__get__
print(type(read(o)).__name__)

# methods patched and patched again
for i in range(3):
    C.f = lambda self, i=i: i
    print(o.f(), C.f(o))
C.f = print
o.f("a builtin is no descriptor")
C.f = 3
C.f = 4
print(o.f)

# special names
class E:
    def __len__(self):
        return 1
for i in range(3):
    E.__len__ = lambda self, i=i: i + 2
    print(len(E()))
E.__doc__ = "x"
E.__doc__ = "y"
print(E.__doc__)
E.__call__ = lambda self: "called"
print(E()())
E.__call__ = lambda self: "called again"
print(E()())
E.__hash__ = None
try:
    hash(E())
except TypeError as e:
    print(e)

# private names, slots, metaclasses
class P:
    __count = 0
    __slots__ = ("x",)
    @classmethod
    def more(cls):
        cls.__count += 1
        return cls.__count
    def get(self):
        return self.__count

print([P.more() for _ in range(4)], P().get(), [k for k in P.__dict__ if "count" in k])

class Meta(type):
    tally = 0
    def __call__(cls, *args):
        Meta.tally += 1
        cls.made = getattr(cls, "made", 0) + 1
        return super().__call__(*args)

class M(metaclass=Meta):
    pass

for i in range(4):
    M()
print(Meta.tally, M.made, M.tally, M().made)

class MetaSet(type):
    def __setattr__(cls, name, value):
        super().__setattr__(name, value * 2)
    def __getattr__(cls, name):
        return "no " + name

class MS(metaclass=MetaSet):
    v = 1

for i in range(3):
    MS.v = i
    print(MS.v, MS.w)

# one site, several classes
class A1:
    v = 1
class A2:
    v = 2
def rd(c):
    return c.v
for i in range(4):
    print(rd(A1), rd(A2), rd(A1()), rd(A2()))
    A1.v += 10

# a cell as an ordinary value
def outer():
    x = 1
    return (lambda: x).__closure__[0]
C.s = outer()
print(type(C.s).__name__, C.s.cell_contents, type(C.__dict__["s"]).__name__)
C.s = outer()
print(type(C.s).__name__, type(o.s).__name__)

# abc and enum
import abc, enum
class Abstract(abc.ABC):
    made = 0
    @abc.abstractmethod
    def go(self): ...
class Concrete(Abstract):
    def go(self):
        Abstract.made += 1
        return type(self).made
print([Concrete().go() for _ in range(3)], isinstance(Concrete(), Abstract))
class Colour(enum.Enum):
    RED = 1
    BLUE = 2
Colour.note = 1
Colour.note = 2
Colour.note += 1
print(Colour.note, list(Colour), Colour.RED, Colour["BLUE"], Colour(2).note)
try:
    Colour.RED = 5
except AttributeError as e:
    print(type(e).__name__)

# __set_name__ is called for the class body only
class Named:
    def __set_name__(self, owner, name):
        print("set_name", owner.__name__, name)
class Body:
    a = Named()
Body.a = Named()
Body.a = Named()

# a builtin class stays as it is
try:
    int.x = 1
except TypeError as e:
    print(e)

# a reference through a cell keeps its object
import gc
class Keep:
    it = None
Keep.it = [1]
Keep.it = [i for i in range(5)]
gc.collect()
print(Keep.it, Keep().it)
for i in range(2000):
    Keep.it = [i]
gc.collect()
print(Keep.it)
