# except* splits groups among its clauses
def f(e):
    try: raise e
    except* ValueError as g: print("value", type(g).__name__, g.exceptions)
    except* (KeyError, TypeError) as g: print("key/type", g.exceptions)
    else: print("else")
    finally: print("finally")
f(ExceptionGroup("a", [ValueError(1), KeyError(2), ValueError(3)]))
f(ValueError("naked"))
try: f(ExceptionGroup("b", [OSError(1), TypeError(2)]))
except ExceptionGroup as e: print("left", e.exceptions)
try: f(OSError("alone"))
except OSError as e: print("left", repr(e))
try:
    try: raise ExceptionGroup("c", [ValueError(1), OSError(2)])
    except* ValueError: raise KeyError("new")
    except* OSError: raise
except ExceptionGroup as e: print(repr(e))
try:
    try: raise ValueError
    except* ExceptionGroup: pass
except TypeError as e: print(e)
for src in ["try: pass\nexcept* : pass", "try: pass\nexcept* A: pass\nexcept B: pass", "for i in x:\n try: pass\n except* A: break"]:
    try: compile(src, "", "exec")
    except SyntaxError as e: print(e.msg)
