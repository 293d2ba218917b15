# deeply nested data in repr, compare and hash
l = []
for _ in range(100000): l = [l]
for g in (repr, lambda x: x == [x] or None):
    try: print(len(str(g(l))) > 10)
    except RecursionError as e: print("RecursionError")
t = ()
for _ in range(100000): t = (t,)
try: print(type(hash(t)).__name__)
except RecursionError as e: print("RecursionError")
m = []
for _ in range(50): m = [m]
print(repr(m) == "[" * 51 + "]" * 51, m == eval(repr(m)))
x = "(" * 150 + "1" + ")" * 150
print(eval(x))
