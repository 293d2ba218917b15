# unpacking with a star and its errors
a, *b = 1, 2, 3; print(a, b)
*a, b = "xyz"; print(a, b)
a, *b, c = [1, 2]; print(a, b, c)
(a, *b), *c = [(1, 2, 3), 4, 5]; print(a, b, c)
[a, b] = {1: 2, 3: 4}; print(a, b)
for src in [(1,), (1, 2, 3), 5, iter([1]), "", {}]:
    try: a, b = src
    except (TypeError, ValueError) as e: print(type(e).__name__, e)
try: a, *b, c = [1]
except ValueError as e: print(e)
