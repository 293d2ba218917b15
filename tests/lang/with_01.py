# context managers written as a class hierarchy
class Stack:
    def __init__(self): self.todo = []
    def push(self, f, *a): self.todo.append((f, a)); return self
    def __enter__(self): return self
    def __exit__(self, *exc):
        for f, a in reversed(self.todo): f(*a)
        return exc[0] is not None and issubclass(exc[0], LookupError)
with Stack() as s:
    s.push(print, "first").push(print, "second")
with Stack() as s:
    s.push(print, "cleanup")
    {}["x"]
print("swallowed")
try:
    with Stack() as s, Stack() as t:
        t.push(print, "t"); s.push(print, "s")
        raise ValueError("kept")
except ValueError as e: print(e)
class T:
    def __enter__(self): return 1, (2, [3])
    def __exit__(self, *a): print(a[0], a[1].__class__.__name__)
with T() as (a, (b, [c])): print(a, b, c)
d = {}
with T() as d["k"]: pass
print(d)
