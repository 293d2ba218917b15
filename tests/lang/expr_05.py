# evaluation order of operands, targets and arguments
def t(n):
    print(n, end=" ")
    return n
d = {}
t(1) + t(2) * t(3)
d[t(5)] = t(4)
print()
{t(1): t(2), t(3): t(4)}
print()
[t(1), *[t(2)], t(3)]
print()
(lambda *a, **k: None)(t(1), *[t(2)], x=t(3), **{"y": t(4)})
print()
x = [0, 0, 0]
x[t(0)], x[t(1)] = t(7), t(8)
print(x)
x[t(0)] += t(3)
print(x)
