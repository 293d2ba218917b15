# the walrus operator binds in the enclosing function scope
if (n := 10) > 5: print(n)
print([y := 1, y ** 2, y + 2])
print([last := i for i in range(5)], last)
def f():
    total = 0
    r = [total := total + v for v in range(5)]
    return r, total
print(f())
print((a := 1, b := a + 1), a, b)
while (n := n - 3) > 0: print("n", n)
print(any((hit := v) > 3 for v in [1, 5, 7]), hit)
