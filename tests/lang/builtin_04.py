# int() over strings, bases and other types

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


err(lambda: int())
err(lambda: int("42"), int(" -7 "), int("+5"), int("1_000"), int("0b101", 0), int("0x1F", 16), int("z", 36), int("777", 8), int(b"12"), int("\u0661\u0662"), int(3.99), int(-3.99), int(True))
err(lambda: int(""))
err(lambda: int("x"))
err(lambda: int("1.5"))
err(lambda: int("12", 2))
err(lambda: int("1__0"))
err(lambda: int("_1"))
err(lambda: int("0x", 16))
err(lambda: int("5", 1))
err(lambda: int("5", 37))
err(lambda: int(5, 10))
err(lambda: int(None))
err(lambda: int([]))
err(lambda: int("1", base="x"))
err(lambda: int(float("nan")))
err(lambda: int(float("inf")))
err(lambda: int("9" * 30))
err(lambda: int(base=5))
err(lambda: int("010", 0))
err(lambda: int("\x00"))
err(lambda: int(b"\xff"))
err(lambda: int("1" * 5000))
err(lambda: len(str(10 ** 4299)))
err(lambda: str(10 ** 4300))
err(lambda: int.from_bytes(b"\x01\x02", "big"), int.from_bytes(b"\xff", "little", signed=True), int.from_bytes([1, 0]))
