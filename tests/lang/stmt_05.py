# while with else, break and continue
i = 0
while i < 5:
    i += 1
    if i == 2: continue
    if i == 4: break
    print(i)
else: print("never")
while i < 6: i += 1
else: print("else", i)
while True:
    while True:
        break
    else: print("no")
    break
print("done")
