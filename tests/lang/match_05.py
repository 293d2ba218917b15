# value patterns, guards and binding effects
class Color: RED, BLUE = 1, 2
class NS:
    class Inner: V = [1, 2]
def f(x):
    match x:
        case Color.RED: return "red"
        case NS.Inner.V: return "list value"
        case Color.BLUE as c: return ("blue", c)
print(f(1), f([1, 2]), f(2), f(3))
match (1, 2):
    case (a, 3): print("no")
    case (a, b) if a > b: print("no")
    case (a, b): print("yes", a, b)
match 5, 6:
    case x, y: print(x, y)
match [1, [2, [3, 4]]]:
    case [a, [b, [*c]]]: print(a, b, c)
def g(x):
    match x:
        case [1, y] | [y, 1]: return y
        case (("a" | "b") as k, v): return (k, v)
        case {"x": (int() | None) as n}: return n
print(g([1, 5]), g([6, 1]), g(("b", 2)), g({"x": None}), g({"x": "s"}))
match = 5; case = 6; print(match + case)
match (match):
    case case: print(case)
