# for with else, nested breaks and a changing list
for i in range(3):
    for j in range(3):
        if j == 2: break
        if i == 1: continue
        print(i, j)
    else: print("inner else")
else: print("outer else")
l = [1, 2, 3]
for x in l:
    if x < 3: l.append(x + 10)
    if len(l) > 8: break
print(l)
for i, (a, *b) in enumerate([(1, 2, 3), "xy"]): print(i, a, b)
for l[0] in range(3): pass
print(l[0])
