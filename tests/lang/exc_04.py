# the as name is deleted at the end of its clause
e = "before"
try: raise ValueError("x")
except ValueError as e: saved = e
try: e
except NameError as n: print(n)
def f():
    try: raise KeyError(1)
    except KeyError as err: pass
    try: return err
    except UnboundLocalError as u: return str(u)
print(f(), saved)
try: raise ValueError("y")
except ValueError as v:
    del v
print("deleting it earlier is fine")
