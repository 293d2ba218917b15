# metaclass conflicts, derived metaclasses and odd metaclasses
class M1(type): pass
class M2(type): pass
class M3(M1, M2): pass
class A(metaclass=M1): pass
class B(metaclass=M2): pass
try:
    class C(A, B): pass
except TypeError as e: print(e)
class D(A, B, metaclass=M3): pass
print(type(D))
def func(name, bases, ns, **k): return (name, bases, k)
class E(int, metaclass=func, z=1): pass
print(E)
try:
    class F(metaclass=lambda: 1): pass
except TypeError as e: print(e)
class Enter:
    def __mro_entries__(self, bases): return (list,)
class G(Enter()): pass
print(G.__mro__, G.__orig_bases__[0].__class__.__name__)
