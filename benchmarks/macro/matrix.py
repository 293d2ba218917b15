"""Nested lists: matrix products, LU decomposition, transposition by zip."""


def product(a, b):
    columns = list(zip(*b))
    return [[sum(x * y for x, y in zip(row, column)) for column in columns] for row in a]


def decompose(m):
    n = len(m)
    m = [row[:] for row in m]
    for k in range(n):
        for i in range(k + 1, n):
            factor = m[i][k] / m[k][k]
            m[i][k] = factor
            for j in range(k + 1, n):
                m[i][j] -= factor * m[k][j]
    return m


def bench():
    n = 70
    a = [[(i * 7 + j * 3) % 11 + 1 + (20 if i == j else 0) for j in range(n)] for i in range(n)]
    b = [[(i * 5 + j * 13) % 17 / 4 for j in range(n)] for i in range(n)]
    c = product(a, b)
    lu = decompose(a)
    return round(sum(sum(row) for row in c) + sum(lu[i][i] for i in range(n)), 6)
