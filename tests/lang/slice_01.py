# slices of sequences with every sign of step
s = "0123456789"
l = list(range(10))
for a in (None, 0, 3, -3, 20, -20):
    for b in (None, 0, 5, -2, 20, -20):
        print(a, b, [s[a:b:c] for c in (None, 1, 2, -1, -3)], l[a:b:3], tuple(l)[a:b:-4], bytes(l)[a:b])
