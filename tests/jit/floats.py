# Float arithmetic stays unboxed.
def escape(cr, ci, limit):
    zr = zi = 0.0
    n = 0
    while n < limit and zr * zr + zi * zi < 4.0:    # loop: no calls, no allocations, no barriers, no CheckFloat, MulF
        zr, zi = zr * zr - zi * zi + cr, 2.0 * zr * zi + ci
        n += 1
    return n


print(escape(-0.5, 0.1, 5000), [escape(x / 10 - 1, 0.3, 500) for x in range(20)])
