# finally overrides with return, break and continue
def f():
    try: raise ValueError
    finally: return "swallowed"
def g():
    for i in range(3):
        try: raise ValueError
        finally: break
    return i
def h():
    r = []
    for i in range(3):
        try: r.append(i / (i - 1))
        except ZeroDivisionError: r.append("z"); continue
        finally: r.append("f")
    return r
def k():
    try:
        try: raise KeyError(1)
        finally:
            try: raise ValueError(2)
            except ValueError: pass
    except KeyError as e: return repr(e), e.__context__
print(f(), g(), h(), k())
