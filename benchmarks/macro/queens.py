"""Constraint solving with recursion and bit masks, and once more with sets and generators."""


def count(n, columns=0, left=0, right=0):
    if columns == (1 << n) - 1:
        return 1
    total = 0
    free = ~(columns | left | right) & ((1 << n) - 1)
    while free:
        bit = free & -free
        free ^= bit
        total += count(n, columns | bit, (left | bit) << 1, (right | bit) >> 1)
    return total


def solutions(n, row=0, taken=()):
    if row == n:
        yield taken
        return
    for column in range(n):
        if all(column != c and abs(column - c) != row - r for r, c in enumerate(taken)):
            yield from solutions(n, row + 1, taken + (column,))


def bench():
    return count(10) * 1000 + sum(1 for _ in solutions(9))
