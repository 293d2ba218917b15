# class patterns with positional and keyword parts

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


class P:
    __match_args__ = ("x", "y")
    def __init__(self, x, y): self.x, self.y = x, y
class Q(P): pass
class N: pass
def f(o):
    match o:
        case Q(1, y=2): return "Q12"
        case P(0, 0): return "origin"
        case P(x, y=0): return ("axis", x)
        case P(x=a, y=b): return (a, b)
        case int(n) if n > 100: return ("big", n)
        case bool(b): return ("bool", b)
        case int() | float(): return "num"
        case str(s): return ("str", s)
        case list([a, *_]): return ("list", a)
        case dict(d): return ("dict", d)
        case tuple(): return "tuple"
        case _: return "no"
for o in (Q(1, 2), Q(0, 0), P(5, 0), P(3, 4), 200, True, 5, 1.5, "s", [1, 2], [], {1: 2}, (), None): print(f(o))
def bad(kind):
    match P(1, 2):
        case P(1, 2, 3): pass
def dup():
    match P(1, 2):
        case P(1, x=1): pass
def noargs():
    match N():
        case N(1): pass
def notype():
    match 5:
        case print(): pass
err(bad, 1); err(dup); err(noargs); err(notype)
class BadArgs: __match_args__ = ["x"]
class BadItem: __match_args__ = (5,)
def ba(o, c):
    match o:
        case c(1): return "hit"
err(ba, BadArgs(), BadArgs); err(ba, BadItem(), BadItem)
