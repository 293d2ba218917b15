# mapping patterns
def f(x):
    match x:
        case {"type": "point", "x": px, "y": py}: return ("point", px, py)
        case {"a": {"b": [1, v]}}: return ("nested", v)
        case {1: _, **rest}: return ("rest", rest)
        case {"k": 5 | 6 as k}: return ("k", k)
        case {}: return "mapping"
        case _: return "no"
for x in ({"type": "point", "x": 1, "y": 2, "z": 3}, {"a": {"b": [1, 9]}}, {1: 2, 3: 4}, {"k": 6}, {"k": 7}, {}, [], 5): print(f(x))
class D(dict):
    def __missing__(self, k): return 5
print(f(D()), f(D(k=5)))
