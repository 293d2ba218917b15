# literal, capture and wildcard patterns
def f(x):
    match x:
        case 0: return "zero"
        case 1 | 2: return "one or two"
        case -3: return "minus three"
        case 1.5: return "float"
        case 2 + 3j: return "complex"
        case "a": return "a"
        case b"b": return "bytes"
        case None: return "none"
        case True: return "true"
        case n if n == 7: return "seven"
        case _: return "other"
print([f(x) for x in (0, 1, 2, -3, 1.5, 2 + 3j, "a", b"b", None, True, False, 7, [], 1.0, 0.0)])
