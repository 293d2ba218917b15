# comprehension variables stay inside, the first iterable is evaluated outside
x = "outer"
print([x for x in range(3)], x)
class C:
    items = [1, 2]
    r = [i for i in items]
    try: s = [len(items) for i in range(2)]
    except NameError as e: print(e)
print(C.r)
def f():
    return [locals().keys() is None for q in range(1)]
print(f())
def g(y): return [[y + z for z in range(y)] for y in range(y)]
print(g(3))
try: [1 for i in 5]
except TypeError as e: print(e)
gen = (1 / z for z in [1, 0])
print(next(gen))
try: next(gen)
except ZeroDivisionError as e: print(e)
print(list(gen))
