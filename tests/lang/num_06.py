# int subclasses and bool arithmetic
class I(int):
    def __repr__(self): return f"I({int(self)})"
    def __add__(self, o): return I(int(self) + int(o))
i = I(5)
print(i, i + 1, i * 2, type(i * 2).__name__, -i, [0] * i, "abcdefg"[i], i == 5, hash(i) == 5, {5: "x"}[i], int(i), I("0x10", 16), f"{i:03d}", "%d" % i, str(i), i.bit_length(), range(i)[-1])
print(True + True, True * 5, ~True, -True, True & False, True | 2, True ^ True, True & True, bool("x"), bool(), type(True & 1), 5 - False, True / 2, True // 1, repr(True), int(True), True == 1.0)
class F(float): pass
class S(str): pass
class C(complex): pass
class B(bytes): pass
print(F(1.5) + 1, type(F(1) + F(2)).__name__, S("ab") + "c", type(S("a").upper()).__name__, S("a") == "a", {S("k"): 1}["k"], C(1j) * 2, B(b"ab")[0:1], type(B(b"x") + b"").__name__, F("2"), S(5), S(b"x", "ascii"))
f = F(2); f.attr = 1; print(f.attr, f.__dict__)
