# a subclass on the right is asked first
class A:
    def __add__(self, o): return "A.add"
    def __radd__(self, o): return "A.radd"
    def __lt__(self, o): return "A.lt"
    def __gt__(self, o): return "A.gt"
    def __eq__(self, o): return "A.eq"
class B(A): pass
class C(A):
    def __radd__(self, o): return "C.radd"
    def __gt__(self, o): return "C.gt"
    def __eq__(self, o): return "C.eq"
print(A() + A(), A() + B(), A() + C(), A() < B(), A() < C(), A() == C(), A() == B(), C() + A())
class I(int):
    def __radd__(self, o): return ("I.radd", o)
    def __rpow__(self, o, m=None): return ("I.rpow", o)
print(1 + I(2), 1.0 + I(2), 2 ** I(3), I(2) + 1)
