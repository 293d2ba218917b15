"""Float kernels over a two-dimensional array class: successive over-relaxation, and a transform by sums of products."""
import math


class Grid:
    def __init__(self, width, height):
        self.width = width
        self.height = height
        self.data = [0.0] * (width * height)

    def __getitem__(self, at):
        return self.data[at[1] * self.width + at[0]]

    def __setitem__(self, at, value):
        self.data[at[1] * self.width + at[0]] = value

    def fill(self, seed):
        for k in range(len(self.data)):
            seed = (seed * 16807) % 2147483647
            self.data[k] = seed / 2147483647.0


def relax(grid, omega, rounds):
    quarter = omega * 0.25
    rest = 1.0 - omega
    for _ in range(rounds):
        for y in range(1, grid.height - 1):
            for x in range(1, grid.width - 1):
                grid[x, y] = (quarter * (grid[x, y - 1] + grid[x, y + 1] + grid[x - 1, y] + grid[x + 1, y]) +
                              rest * grid[x, y])


def fourier(samples):
    n = len(samples)
    out = []
    for k in range(n):
        real = imaginary = 0.0
        step = -2.0 * math.pi * k / n
        for t in range(n):
            angle = step * t
            real += samples[t] * math.cos(angle)
            imaginary += samples[t] * math.sin(angle)
        out.append(real * real + imaginary * imaginary)
    return out


def bench():
    grid = Grid(32, 32)
    grid.fill(101)
    relax(grid, 1.25, 40)
    power = fourier(grid.data[33:193])
    return round(sum(grid.data), 6) * 1000 + round(math.log(1.0 + sum(power)), 5)
