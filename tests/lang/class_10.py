# class bodies are executed like functions with their own namespace
class A:
    for i in range(3): locals()[f"v{i}"] = i
    if i == 2: big = "yes"
    del i
    def f(self): pass
    g = f
    print(__name__, __qualname__, sorted(k for k in dir() if not k.startswith("_")))
print(A.v2, A.big, A.f is A.g, hasattr(A, "i"))
class B: return_value = (lambda s: s)(5)
print(B.return_value)
try:
    class C: 1 / 0
except ZeroDivisionError: print("C" in globals())
class D: pass
class D(D): pass
print(D.__mro__)
