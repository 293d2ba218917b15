# A nest runs without leaving compiled code: the inner loop's end is a side trace through the outer loop.
def nest(n, m):
    s = i = 0
    while i < n:
        j = 0
        while j < m:        # loop: no calls, no allocations, no barriers
                            # run: entries<=120, sides<=4
            s += j ^ i
            j += 1
        i += 1
    return s


print(nest(3000, 40))
