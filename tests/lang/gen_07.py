# generator attributes, names and repr
def g(): yield
it = g()
print(it.__name__, it.__qualname__, repr(it).split(" at ")[0], type(it), iter(it) is it, it.gi_suspended)
next(it)
print(it.gi_suspended, it.gi_frame.f_lineno, it.gi_frame.f_code is g.__code__)
it.__name__ = "other"
print(it.__name__)
x = (i for i in [1])
print(x.__name__, x.__qualname__, x.gi_code.co_name)
try: type(it)()
except TypeError as e: print(e)
try: it.__name__ = 5
except TypeError as e: print(e)
