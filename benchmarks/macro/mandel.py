"""Numeric float loop: escape times of the Mandelbrot set."""


def escape(cr, ci, limit):
    x = y = 0.0
    for i in range(limit):
        xx = x * x
        yy = y * y
        if xx + yy > 4.0:
            return i
        y = 2.0 * x * y + ci
        x = xx - yy + cr
    return limit


def bench():
    size = 140
    total = 0
    for row in range(size):
        ci = 2.0 * row / size - 1.0
        for column in range(size):
            total += escape(3.0 * column / size - 2.0, ci, 50)
    return total
