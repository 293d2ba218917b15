"""Big integers: digits of pi by a spigot, factorials, modular powers."""


def pi_digits(n):
    out = []
    q, r, t, k, m, x = 1, 0, 1, 1, 3, 3
    while len(out) < n:
        if 4 * q + r - t < m * t:
            out.append(m)
            q, r, m = 10 * q, 10 * (r - m * t), (10 * (3 * q + r)) // t - 10 * m
        else:
            q, r, t, k, m, x = (q * k, (2 * q + r) * x, t * x, k + 1,
                                (q * (7 * k + 2) + r * x) // (t * x), x + 2)
    return out


def bench():
    digits = pi_digits(750)
    product = 1
    for i in range(1, 1500):
        product *= i
    return sum(digits) + len(str(product)) + pow(3, 10**60 + 7, 10**40 + 9) % 1000003
