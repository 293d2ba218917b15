# assignment to every kind of target, several at once
class A: pass
a = b = c = []
a.append(1); print(a is b is c, c)
o = A()
d = {}
l = [0, 0, 0]
o.x, d["k"], l[1], (p, [q, r]) = 1, 2, 3, (4, (5, 6))
print(o.x, d, l, p, q, r)
l[::2] = "ab"
print(l)
x, y = y, x = 1, 2
print(x, y)
i = 0
i, l[i] = 1, "z"
print(i, l)
