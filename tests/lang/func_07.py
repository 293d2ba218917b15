# decorators apply bottom up, with any expression
def tag(n):
    def deco(f):
        print("apply", n, f.__name__)
        def wrapper(*a): return (n, f(*a))
        wrapper.__name__ = f.__name__
        return wrapper
    return deco
@tag(1)
@tag(2)
def f(x): return x * 2
print(f(4))
@(lambda g: [g, g.__name__])
def h(): pass
print(h[1])
@print
class C: pass
print(C)
