# An int loop is arithmetic and the exit test: nothing is boxed, checked or called.
def total(n):
    s = i = 0
    while i < n:            # loop: no calls, no allocations, no barriers, guards<=2, AddOv
                            # run: sides<=1, entries<=40
        s += i & 7
        i += 1
    return s



print(total(1000))
