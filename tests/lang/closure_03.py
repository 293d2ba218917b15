# three levels of nested scopes
def a(x):
    def b(y):
        def c(z):
            nonlocal x
            x += 1
            return x, y, z
        return c
    return b
c = a(1)(2)
print(c(3), c(4), c.__code__.co_freevars, c.__qualname__)
def deep(n):
    if n == 0: return lambda: 0
    f = deep(n - 1)
    return lambda: f() + n
print(deep(50)())
