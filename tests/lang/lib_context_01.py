# contextlib: contextmanager, suppress, ExitStack, closing
import contextlib

@contextlib.contextmanager
def cm(n, swallow=False):
    print("enter", n)
    try: yield n * 2
    except ValueError as e:
        print("inside", e)
        if not swallow: raise
    finally: print("exit", n)
with cm(1) as v: print(v)
with cm(2, True): raise ValueError("x")
try:
    with cm(3): raise ValueError("y")
except ValueError as e: print("out", e)
@cm(4)
def f(): return "decorated"
print(f(), f())
with contextlib.suppress(KeyError, IndexError): {}["a"]
with contextlib.ExitStack() as st:
    for i in range(3): st.enter_context(cm(i))
    st.callback(print, "callback", end="!\n")
class C:
    def close(self): print("closed")
with contextlib.closing(C()): pass
with contextlib.nullcontext(5) as n: print(n)
@contextlib.contextmanager
def never(): return; yield
try:
    with never(): pass
except RuntimeError as e: print(e)
@contextlib.contextmanager
def twice(): yield 1; yield 2
try:
    with twice(): pass
except RuntimeError as e: print(e)
