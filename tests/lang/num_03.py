# complex arithmetic

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


a, b = 3 + 4j, 1 - 2j
print(a + b, a - b, a * b, a / b, -a, +a, a ** 2, a ** 0.5 == a ** 0.5, abs(a), a.conjugate(), a.real, a.imag, a == 3 + 4j, bool(0j), a * 2, 2 - a, 1 / b)
print(1j * 1j, complex("nan"), complex(0.0, -0.0), -0j, 1e300 * (1 + 1j), (1 + 2j).__repr__(), str(1j), repr(-1j), 0j ** 0, 1j ** -1)
err(lambda: a // b)
err(lambda: a % b)
err(lambda: divmod(a, b))
err(lambda: int(a))
err(lambda: float(a))
err(lambda: a < b)
err(lambda: a / 0)
err(lambda: 0j ** -1)
err(lambda: round(a))
err(lambda: hash(a) == hash(complex(3, 4)))
err(lambda: a ** 2 ** 10)
err(lambda: (1 + 1j) ** (2 + 1j) != 0)
