# deleting and reassigning captured names
def f():
    x = 1
    def get(): return x
    def drop():
        nonlocal x
        del x
    print(get())
    drop()
    try: get()
    except NameError as e: print(type(e).__name__, e)
    try: x
    except UnboundLocalError as e: print(e)
    x = 2
    return get()
print(f())
def g(p):
    h = lambda: p
    p += 1
    return h()
print(g(1))
cell = (lambda v: lambda: v)(5).__closure__[0]
cell.cell_contents = 6
print(cell.cell_contents, cell == (lambda v: lambda: v)(6).__closure__[0])
del cell.cell_contents
try: cell.cell_contents
except ValueError as e: print(e)
