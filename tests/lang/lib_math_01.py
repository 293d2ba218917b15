# math functions and their errors
import math

print(math.sqrt(16), math.floor(-1.5), math.ceil(1.2), math.trunc(-1.7), math.gcd(12, 18, 8), math.lcm(4, 6), math.factorial(20), math.comb(10, 3), math.perm(5, 2), math.isqrt(10 ** 20), math.hypot(3, 4), math.fsum([0.1] * 10), math.prod([1, 2, 3]), math.copysign(1, -0.0), math.fmod(-7, 3), math.modf(1.5), math.frexp(8.0), math.ldexp(0.5, 4), math.isclose(0.1 + 0.2, 0.3), math.dist([0, 0], [3, 4]), math.log(8, 2), math.log2(2 ** 100), math.log10(1000), math.exp(0), math.inf, math.isnan(math.nan), math.degrees(math.pi), math.nextafter(1, 2), math.ulp(1.0), math.remainder(7, 4))
for f in (lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.factorial(-1), lambda: math.factorial(1.5), lambda: math.exp(1000), lambda: math.gcd(1.5), lambda: math.floor("x"), lambda: math.comb(-1, 2), lambda: math.isqrt(-1), lambda: math.sqrt(), lambda: math.pow(0, -1), lambda: math.fmod(1, 0), lambda: math.ceil(math.inf), lambda: math.floor(math.nan)):
    try: print(f())
    except (ValueError, TypeError, OverflowError) as e: print(type(e).__name__, e)
