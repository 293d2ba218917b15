# class methods, static methods and their binding
class A:
    @classmethod
    def c(cls, *a): return cls.__name__, a
    @staticmethod
    def s(*a): return a
    def m(self): return type(self).__name__
class B(A): pass
print(A.c(1), B.c(2), B().c(3), A.s(1), A().s(2), B().m(), A.m(B()))
print(type(A.__dict__["c"]).__name__, type(A.__dict__["s"]).__name__, A.c.__func__ is B.c.__func__, A.c.__self__)
m = B().m
print(m.__func__ is A.m, m.__self__.__class__, m.__name__, m == m.__self__.m, m is m.__self__.m)
print(staticmethod(len)([1]), classmethod(lambda c: c).__get__(None, int)())
