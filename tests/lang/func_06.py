# closures share cells with their siblings
def counter():
    n = 0
    def inc(by=1):
        nonlocal n
        n += by
        return n
    def get(): return n
    return inc, get
inc, get = counter()
inc(); inc(5)
print(get(), inc.__closure__[0].cell_contents, inc.__code__.co_freevars, counter.__code__.co_cellvars)
inc2, get2 = counter()
print(get2(), inc.__closure__ == get.__closure__)
def late():
    def f(): return v
    try: f()
    except NameError as e: print(e)
    v = 1
    return f()
print(late())
