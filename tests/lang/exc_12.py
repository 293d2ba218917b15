# sys.exc_info and nested handling
import sys

def cur(): return sys.exc_info()[0] and sys.exc_info()[0].__name__
print(cur())
try: raise ValueError
except ValueError:
    print(cur())
    try: raise KeyError
    except KeyError: print(cur())
    print(cur())
    def inner():
        try: raise OSError
        except OSError: pass
        return cur()
    print(inner(), sys.exception().__class__.__name__)
print(cur(), sys.exc_info())
def f():
    try: raise ValueError
    except ValueError: return cur()
    finally: print("fin", cur())
print(f(), cur())
