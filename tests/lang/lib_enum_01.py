# enum members, values, aliases, flags and errors
import enum

class Color(enum.Enum):
    RED = 1
    GREEN = 2
    CRIMSON = 1
    def hot(self): return self is Color.RED
print(list(Color), Color.RED, repr(Color.GREEN), Color(1), Color["GREEN"], Color.CRIMSON is Color.RED, Color.RED.name, Color.RED.value, Color.RED.hot(), len(Color), Color.RED in Color, Color.__members__)
try: Color(9)
except ValueError as e: print(e)
try: Color["X"]
except KeyError as e: print(e)
try: Color.RED = 5
except AttributeError as e: print(e)
try:
    class Sub(Color): pass
except TypeError as e: print(e)
class Auto(enum.Enum):
    A = enum.auto(); B = enum.auto()
print([m.value for m in Auto], {Color.RED: "r"}[Color(1)])
class I(enum.IntEnum): X = 1; Y = 2
print(I.X + 1, I.X < I.Y, I.X == 1, sorted([I.Y, I.X]), f"{I.X}", str(I.X))
class F(enum.Flag): R = 1; W = 2; X = 4
print(F.R | F.W, F.R & F.W, ~F.R, bool(F.R & F.W), F(3), F.R in F(3), F(5))
class S(str, enum.Enum): A = "a"
print(S.A == "a", S("a"), S.A.upper())
E = enum.Enum("E", "P Q"); print(list(E), E.P.value)
