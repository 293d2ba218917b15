# exception groups: split, subgroup, derive

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


eg = ExceptionGroup("top", [ValueError(1), KeyError("k"), ExceptionGroup("sub", [ValueError(2), TypeError("t")])])
print(eg, repr(eg), eg.message, len(eg.exceptions))
print(eg.split(ValueError), eg.subgroup(KeyError), eg.subgroup(lambda e: isinstance(e, TypeError)), eg.subgroup(OSError))
print(eg.split((KeyError, TypeError))[1].exceptions, eg.derive([OSError()]))
err(lambda: ExceptionGroup("m", []))
err(lambda: ExceptionGroup("m", 5))
err(lambda: ExceptionGroup("m", [5]))
err(lambda: ExceptionGroup(5, [ValueError()]))
err(lambda: ExceptionGroup("m", [KeyboardInterrupt()]))
err(lambda: ExceptionGroup("m"))
print(type(BaseExceptionGroup("m", [ValueError()])), type(BaseExceptionGroup("m", [KeyboardInterrupt()])))
class G(ExceptionGroup):
    def derive(self, excs): return G(self.message + "'", excs)
print(repr(G("g", [ValueError(1), KeyError(2)]).split(ValueError)))
