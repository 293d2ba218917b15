# attribute access chains and augmented attribute targets
class A: pass
a = A(); a.b = A(); a.b.c = [1, 2]
a.b.c[0] += 5
a.b.c += [3]
a.b.n = 1
a.b.n **= 3
a.b.n -= 7
print(a.b.c, a.b.n)
del a.b.c[1], a.b.n
print(a.b.c, a.b.__dict__)
for name in ("x", "b.c"):
    try: getattr(a, name)
    except AttributeError as e: print(e, e.name)
try: a.b.zz
except AttributeError as e: print(e, e.obj is a.b)
try: None.x
except AttributeError as e: print(e)
try: None.x = 1
except AttributeError as e: print(e)
