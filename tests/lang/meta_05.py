# type attributes and mro overriding

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


class M(type):
    def mro(cls): return [cls, Extra, object]
class Extra:
    def e(self): return "extra"
class A(metaclass=M): pass
print(A().e(), A.__mro__)
print(type.__mro__, object.__bases__, int.__base__, bool.__base__, type(int), type(type))
print(int.__basicsize__ > 0, A.__weakrefoffset__ >= 0, A.__flags__ & (1 << 9) != 0, type.__name__)
err(lambda: type.mro(bool))
err(lambda: type.__subclasses__(bool))
err(lambda: A.__dict__["zz"])
def f(): A.__dict__["x"] = 1
err(f)
