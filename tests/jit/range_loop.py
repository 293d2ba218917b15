# The range iterator of a local loop: its fields are kept in registers between iterations.
def total(n):
    s = 0
    for i in range(n):      # loop: no calls, no barriers, no CheckInt, no LoadField
        s += i
    return s


print(total(5000))
