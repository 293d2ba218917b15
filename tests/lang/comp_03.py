# generator expressions are lazy except for their first iterable
def show(x):
    print("show", x)
    return x
g = (show(i) for i in show([1, 2]))
print("made")
print(next(g), list(g))
try: (i for i in show(None))
except TypeError as e: print(e)
h = (i for i in [1, 2] for j in show(9) if True)
try: next(h)
except TypeError as e: print(e)
