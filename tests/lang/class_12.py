# a linked list, a stack machine and an expression tree together
class Expr:
    def __add__(self, o): return Bin("+", self, wrap(o))
    def __radd__(self, o): return Bin("+", wrap(o), self)
    def __mul__(self, o): return Bin("*", self, wrap(o))
    def __rmul__(self, o): return Bin("*", wrap(o), self)
    def __neg__(self): return Neg(self)
class Num(Expr):
    def __init__(self, v): self.v = v
    def code(self): yield ("push", self.v)
    def __repr__(self): return str(self.v)
class Var(Expr):
    def __init__(self, n): self.n = n
    def code(self): yield ("load", self.n)
    def __repr__(self): return self.n
class Bin(Expr):
    def __init__(self, op, l, r): self.op, self.l, self.r = op, l, r
    def code(self):
        yield from self.l.code()
        yield from self.r.code()
        yield (self.op,)
    def __repr__(self): return f"({self.l} {self.op} {self.r})"
class Neg(Expr):
    def __init__(self, e): self.e = e
    def code(self): yield from self.e.code(); yield ("neg",)
    def __repr__(self): return f"-{self.e}"
def wrap(v): return v if isinstance(v, Expr) else Num(v)
def run(code, env):
    st = []
    for ins in code:
        match ins:
            case ("push", v): st.append(v)
            case ("load", n): st.append(env[n])
            case ("neg",): st.append(-st.pop())
            case ("+",): st.append(st.pop() + st.pop())
            case ("*",): st.append(st.pop() * st.pop())
    return st.pop()
x, y = Var("x"), Var("y")
e = -(x + 2) * (3 + y) + x * x
print(e, list(e.code()), run(e.code(), {"x": 5, "y": -1}), run(e.code(), {"x": 10 ** 20, "y": 1}))
