# divmod, pow, round, abs and friends

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


print(divmod(7, 3), divmod(-7, 3), divmod(7.5, 2), divmod(True, 1), pow(2, 10), pow(2, -2), pow(2.0, 3), pow(-8, 1 / 3).real > 0, abs(-5), abs(-2.5), abs(3 + 4j), abs(True))
print(round(2.5), round(3.5), round(-2.5), round(2.675, 2), round(1234, -2), round(1250, -2), round(1350, -2), round(1.0), round(5.5, 0), round(-0.4), round(1e20), round(2 ** 70, -20), round(15, -1), round(25, -1), round(0.5), round(1.5), round(True))
err(lambda: divmod(1, 0))
err(lambda: divmod(1.5, 0))
err(lambda: divmod("a", 1))
err(lambda: pow(0, -1))
err(lambda: pow(0.0, -1))
err(lambda: round("x"))
err(lambda: round(1.5, "x"))
err(lambda: round(float("nan")))
err(lambda: round(float("inf")))
err(lambda: abs("x"))
err(lambda: round(1.5, None))
err(lambda: round(number=1.25, ndigits=1))
err(lambda: 1 % 0)
err(lambda: 1.0 % 0)
err(lambda: 1 // 0)
err(lambda: 1 / 0)
err(lambda: 1.0 / 0)
err(lambda: 0 ** -1)
err(lambda: 2 ** 0.5 ** 2)
