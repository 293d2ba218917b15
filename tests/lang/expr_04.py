# identity and membership
a = [1, float("nan"), "x"]
n = a[1]
print(n in a, n == n, 2 in a, 2 not in a, None is None, a is not list(a))
print("bc" in "abcd", "" in "", b"a" in b"cab", 97 in b"a", (1, 2) in [(1, 2)])
try: 1 in 5
except TypeError as e: print(e)
try: 1 in "abc"
except TypeError as e: print(e)
