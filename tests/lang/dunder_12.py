# str, repr, format and their defaults

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


class A: pass
class R:
    def __repr__(self): return "R!"
class S:
    def __str__(self): return "S!"
class F:
    def __format__(self, spec): return f"<{spec}>"
print(repr(A()).startswith("<__main__.A object at 0x"), str(R()), f"{R()}", f"{R()!s:>5}", str(S()), repr(S()).startswith("<"))
print(f"{F()}", f"{F():abc}", format(F(), "x"), "{:q}".format(F()), f"{F()!r:.5}", [R(), S().__str__()])
err(lambda: format(A(), "x"))
err(lambda: f"{R():>4}")
err(lambda: format(object(), "d"))
err(lambda: format(None, "s"))
err(lambda: format([], "5"))
print(format(A()).startswith("<"), "%s %r" % (R(), R()), "{0!r:>4}".format(R()))
