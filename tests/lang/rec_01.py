# endless recursion raises RecursionError and can be caught
def f(n): return f(n + 1)
try: f(0)
except RecursionError as e: print(type(e).__name__, str(e)[:32])
def depth():
    try: return 1 + depth()
    except RecursionError: return 1
print(depth() > 500)
class R:
    def __repr__(self): return repr(self)
    def __eq__(self, o): return self == o
    def __getattr__(self, n): return getattr(self, n + "x")
    def __call__(self): return self()
    def __iter__(self): return iter(self)
    def __bool__(self): return bool(self)
    def __hash__(self): return hash(self)
    def __add__(self, o): return self + o
for g in (repr, lambda r: r == 1, lambda r: r.q, lambda r: r(), iter, bool, hash, lambda r: r + 1):
    try: g(R())
    except RecursionError: print("caught")
