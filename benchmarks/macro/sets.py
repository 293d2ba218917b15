"""Sets: the game of life on an unbounded board, and set algebra."""


def step(cells):
    counts = {}
    for x, y in cells:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                if dx or dy:
                    key = (x + dx, y + dy)
                    counts[key] = counts.get(key, 0) + 1
    return {cell for cell, n in counts.items() if n == 3 or (n == 2 and cell in cells)}


def bench():
    cells = {(0, 1), (1, 3), (2, 0), (2, 1), (2, 4), (2, 5), (2, 6)}
    seen = set()
    for _ in range(180):
        cells = step(cells)
        seen |= cells
    evens = {x for x in range(20000) if x % 2 == 0}
    threes = set(range(0, 20000, 3))
    return (len(cells) * 1000003 + len(seen) * 101 + len(evens & threes) + len(evens - threes) +
            len(evens ^ threes) + sum(evens & threes))
