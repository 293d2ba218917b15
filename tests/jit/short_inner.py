# Loops of few iterations are unrolled in the loop around them, wherever they stand.
def inner(k):
    s = j = 0
    while j < k:
        s += j
        j += 1
    return s


def outer(n):
    s = i = 0
    while i < n:            # loop: no calls, no allocations, no barriers, guards<=2
                            # run: entries<=20, sides<=1
        j = 0
        while j < 4:
            s += j
            j += 1
        i += 1
    return s


def caller(n):
    s = i = 0
    while i < n:            # loop: no calls, no allocations, no barriers
                            # run: entries<=20, sides<=1
        s += inner(5)
        i += 1
    return s


print(outer(5000), caller(5000))
