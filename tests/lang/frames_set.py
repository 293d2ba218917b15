# Stores that call Python: __setitem__, property setters; as frames, their results dropped.
class Grid:
    def __init__(self, n):
        self.cells = [0] * n
        self.log = 0

    def __getitem__(self, at):
        return self.cells[at]

    def __setitem__(self, at, value):
        self.cells[at] = value
        return "dropped"

    @property
    def total(self):
        return self.log

    @total.setter
    def total(self, value):
        if value < 0:
            raise ValueError(value)
        self.log = value % 1009
        return 7


def fill(grid, n):
    for k in range(n):
        grid[k % 5] = grid[(k + 1) % 5] + k
        grid.total = grid.total + grid[k % 5]
    return grid.total


g = Grid(5)
print(fill(g, 500), g.cells)
try:
    for k in range(300):
        g.total = 100 - k
except ValueError as e:
    print(e.args, e.__traceback__.tb_next.tb_lineno)
try:
    for k in range(300):
        g[4 - k] = k
except IndexError as e:
    print(e, k, e.__traceback__.tb_next.tb_frame.f_code.co_name)


class Sub(Grid):
    def __setitem__(self, at, value):
        super().__setitem__(at, value * 2)


s = Sub(3)
for k in range(400):
    s[k % 3] = k
    s.total = min(k, s[0], 7 * k)
print(s.cells, s.total)
print([max(k, 5.5) for k in (1, 9)], min(3, 1, 2), max(1.5, 2.5, -1.0, 2.5), min(True, 0), max(2, 2.0))


def numbers(n):
    out = bytearray()
    for k in range(n):
        out += (k % 300).to_bytes(2, "big")
        out += bytearray([k % 7]) * 2
    return sum(out), (k).bit_length(), (2.5).is_integer()


print(numbers(400))


def closures(n):
    def adder(k):
        def add(x):
            return x + k + n
        return add
    total = 0
    for k in range(n):
        total += adder(k)(k)
    return total


print([closures(n) for n in (5, 60, 400)])
