# An instruction that no trace has, on each pass: entries that end at once stop, and the program goes on.
def work(n):
    s = i = 0
    while i < n:            # run: entries<=1100
        i += 1
        s += i ^ 5
        if s & 1:
            s += 1
        exec("")
    return s


print(work(20000))
