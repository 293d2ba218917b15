# comparison chains evaluate each operand once
def f(x):
    print("f", x)
    return x
print(f(1) < f(2) < f(3))
print(f(1) < f(0) < f(3))
print(f(1) == f(1) != f(2) in [f(2)])
print(1 < 2 > 1 is not None)
