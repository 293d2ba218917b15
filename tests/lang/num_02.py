# comparisons and hashes across numeric types

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


vals = [0, 1, True, 1.0, 2 ** 53, float(2 ** 53), 2 ** 53 + 1, 10 ** 400, float("inf"), -0.0, 1 + 0j, 0.1]
for a in vals:
    row = []
    for b in vals:
        r = "=" if a == b else "!"
        if not isinstance(a, complex) and not isinstance(b, complex): r += "<" if a < b else ">" if a > b else "-"
        row.append(r)
    print(" ".join(row))
print(hash(2 ** 53) == hash(float(2 ** 53)), hash(1) == hash(1.0) == hash(True) == hash(1 + 0j), hash(0.0) == hash(-0.0))
print(1 == 1.0 == True, {1: "a"}[1.0], {1, 1.0, True}, 2 ** 53 + 1 == float(2 ** 53 + 1))
err(lambda: 1j < 2)
err(lambda: 1 < "a")
err(lambda: 10 ** 400 + 0.5)
err(lambda: float(10 ** 400))
err(lambda: 10 ** 400 / 10 ** 399)
err(lambda: 10 ** 400 < float("inf"), 10 ** 400 > float("nan"))
