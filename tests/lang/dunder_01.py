# arithmetic methods, reflected when the left one gives up
class N:
    def __init__(self, v): self.v = v
    def __repr__(self): return f"N({self.v})"
for name, sym in [("add", "+"), ("sub", "-"), ("mul", "*"), ("truediv", "/"), ("floordiv", "//"), ("mod", "%"), ("pow", "**"),
                  ("lshift", "<<"), ("rshift", ">>"), ("and", "&"), ("or", "|"), ("xor", "^"), ("matmul", "@"), ("divmod", ",")]:
    setattr(N, f"__{name}__", lambda s, o, y=sym: f"{s!r} {y} {o!r}" if not isinstance(o, str) else NotImplemented)
    setattr(N, f"__r{name}__", lambda s, o, y=sym: f"{o!r} r{y} {s!r}")
a = N(1)
print(a + 2, a - 2, a * 2, a / 2, a // 2, a % 2, a ** 2, a << 2, a >> 2, a & 2, a | 2, a ^ 2, a @ 2, divmod(a, 2), sep="; ")
print(2 + a, 2 - a, 2 * a, 2 / a, 2 // a, 2 % a, 2 ** a, 2 << a, 2 >> a, 2 & a, 2 | a, 2 ^ a, 2 @ a, divmod(2, a), sep="; ")
print([1] + a, 1.5 * a, (1,) * a)
try: a + "x"
except TypeError as e: print(e)
