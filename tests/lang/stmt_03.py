# augmented assignment uses in-place methods and rebinds
a = b = [1]
a += (2, 3)
print(a is b, b)
t = u = (1,)
t += (2,)
print(t, u)
x = ([],)
try: x[0] += [1]
except TypeError as e: print(e)
print(x)
s = {1}; s |= {2}; s &= {2, 3}; s ^= {5}; print(s)
n = 5; n //= 2; n <<= 3; n |= 1; n %= 7; n **= 2; n >>= 1; n /= 4; print(n)
d = {"a": 1}; d |= {"b": 2}; print(d)
