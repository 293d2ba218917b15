# float() and complex() over strings and other types

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


err(lambda: [float(s) for s in ("1.5", " -2e3 ", "inf", "-Infinity", "nan", "1_0.5", "+.5", "5.", "1e400", "1e-400", "0x1p3" if False else "3", "\u0661.5")])
err(lambda: float("x"))
err(lambda: float(""))
err(lambda: float("1__0"))
err(lambda: float(None))
err(lambda: float([]))
err(lambda: float(10 ** 400))
err(lambda: float("1e"))
err(lambda: float(b"1.5"))
err(lambda: [float.fromhex(s) for s in ("0x1.8p3", "1.8", "inf", "-0x.1p-4")])
err(lambda: float.fromhex("xyz"))
err(lambda: [complex(s) for s in ("1+2j", "j", "-1.5e2j", " (1-1j) ", "nan+infj", "3")])
err(lambda: complex("1 + 2j"))
err(lambda: complex("x"))
err(lambda: complex(1, 2), complex(1.5), complex(1j, 1j), complex(real=3, imag=4))
err(lambda: complex("1", 2))
err(lambda: complex(1, "2"))
err(lambda: complex([]))
