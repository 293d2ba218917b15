# data descriptors beat the instance, the instance beats other descriptors
class Data:
    def __get__(self, o, t): return "data"
    def __set__(self, o, v): print("set", v)
class NonData:
    def __get__(self, o, t): return ("nondata", o is None, t.__name__)
class OnlySet:
    def __set__(self, o, v): o.__dict__["s"] = ("stored", v)
class A:
    d, n, s = Data(), NonData(), OnlySet()
a = A()
a.__dict__.update(d=1, n=2)
print(a.d, a.n, A.d, A.n, type(a.s).__name__)
a.d = 5
a.s = 6
print(a.s)
try: del a.d
except AttributeError as e: print(e)
del a.n
print(a.n)
