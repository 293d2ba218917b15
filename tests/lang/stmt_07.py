# del removes names, items, slices and attributes
x = 1
del x
try: x
except NameError as e: print(e)
l = list(range(10))
del l[0], l[-1], l[1:4:2]
print(l)
a, b = 1, 2
del (a, b)
print("a" in globals())
def f():
    y = 1
    del y
    try: y
    except UnboundLocalError as e: print(e)
    try: del y
    except UnboundLocalError as e: print(e)
f()
d = {1: 2}
try: del d[5]
except KeyError as e: print(repr(e))
try: del l[100]
except IndexError as e: print(e)
