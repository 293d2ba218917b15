# the recursion limit can be set
import sys

old = sys.getrecursionlimit()
print(old)
sys.setrecursionlimit(5000)
def f(n): return 0 if n == 0 else 1 + f(n - 1)
print(f(4000))
sys.setrecursionlimit(old)
try: f(4000)
except RecursionError: print("too deep again")
for bad in (0, -1, "x"):
    try: sys.setrecursionlimit(bad)
    except (ValueError, TypeError) as e: print(e)
print(f(900))
