# try, except, else and finally in every combination
def f(kind):
    log = []
    try:
        log.append("try")
        if kind: raise kind
    except ValueError: log.append("value")
    except (KeyError, IndexError) as e: log.append(("lookup", e.args))
    except Exception as e: log.append(type(e).__name__)
    else: log.append("else")
    finally: log.append("finally")
    return log
for k in (None, ValueError, KeyError("a", 1), IndexError, OSError(2, "no")): print(f(k))
try: f(KeyboardInterrupt)
except BaseException as e: print(repr(e))
try:
    try: raise ValueError
    except KeyError: print("no")
    finally: print("passing")
except ValueError: print("outer")
try:
    try: 1 / 0
    except 5: pass
except TypeError as e: print(e, repr(e.__context__))
try:
    try: 1 / 0
    except (KeyError, "x"): pass
except TypeError as e: print(e)
