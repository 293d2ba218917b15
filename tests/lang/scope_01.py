# names resolve to local, enclosing, global, builtin
len = lambda x: "shadowed"
print(len([]))
del len
print(len([1]))
x = "g"
def f():
    print(x)
    def g():
        x = "inner"
        def h(): return x
        return h()
    return g(), x
print(f())
def k():
    try: print(x)
    except UnboundLocalError as e: print(e)
    x = 1
k()
def m():
    for x in range(3): pass
    return x
print(m(), x)
try: undefined_thing
except NameError as e: print(e, e.name)
import builtins
builtins.my_builtin = 42
print(my_builtin)
del builtins.my_builtin
try: my_builtin
except NameError as e: print(e)
