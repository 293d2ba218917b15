# code object attributes
def f(a, b, /, c=1, *d, e, f=2, **g):
    "doc"
    x = a
    def inner(): return x
    return inner
c = f.__code__
print(c.co_name, c.co_qualname, c.co_argcount, c.co_posonlyargcount, c.co_kwonlyargcount, c.co_nlocals, c.co_varnames, c.co_cellvars, c.co_freevars, c.co_firstlineno, c.co_flags & 0x2f, c.co_filename.endswith("func_12.py"))
print(f(1, 2, e=3).__code__.co_freevars, (lambda: 0).__code__.co_name, c.replace(co_name="other").co_name, c == f.__code__, [l for _, _, l in c.co_lines()][-1] is not None)
def g(): yield
async def h(): pass
async def k(): yield
print(g.__code__.co_flags & 0x20, h.__code__.co_flags & 0x80, k.__code__.co_flags & 0x200)
print((lambda: (1, 2, "x")).__code__.co_consts[-1], f.__code__.co_consts[0])
