# f-strings call __format__ and evaluate from left to right
class F:
    def __init__(self, n): self.n = n
    def __format__(self, s): print("format", self.n, repr(s)); return f"<{self.n}>"
    def __repr__(self): print("repr", self.n); return f"R{self.n}"
def t(x): print("eval", x); return F(x)
print(f"{t(1)}{t(2):a{3}b}{t(4)!r}")
class Bad:
    def __format__(self, s): return 5
try: f"{Bad()}"
except TypeError as e: print(e)
try: f"{5:s}"
except ValueError as e: print(e)
try: f"{'a':d}"
except ValueError as e: print(e)
try: f"{undefined}"
except NameError as e: print(e)
