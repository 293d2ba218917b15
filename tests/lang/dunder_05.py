# unary operators and conversions
class A:
    def __neg__(self): return "neg"
    def __pos__(self): return "pos"
    def __invert__(self): return "inv"
    def __abs__(self): return "abs"
    def __int__(self): return 7
    def __float__(self): return 7.5
    def __complex__(self): return 7j
    def __index__(self): return 3
    def __bool__(self): return False
    def __round__(self, n=None): return ("round", n)
    def __trunc__(self): return "trunc"
    def __floor__(self): return "floor"
a = A()
print(-a, +a, ~a, abs(a), int(a), float(a), complex(a), bool(a), round(a), round(a, 2), not a)
print([10, 20, 30, 40][a], "abcdef"[a:], hex(a), bin(a), oct(a), range(a), [0] * a, chr(a) == "\3")
for op in ("-", "+", "~"):
    try: eval(op + "'x'")
    except TypeError as e: print(e)
for f in (abs, int, float, complex, round, hex):
    try: f([])
    except TypeError as e: print(e)
