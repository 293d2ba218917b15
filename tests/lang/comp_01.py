# list, set, dict and generator comprehensions
print([x * y for x in range(3) for y in range(x)], {x % 2 for x in range(5)}, {k: v for k, v in zip("ab", [1, 2])})
print([[i * j for j in range(3)] for i in range(3)], list(x for x in "abc" if x != "b"))
print([x for x in range(20) if x % 2 if x % 3], sum(x * x for x in range(10)))
print([(a, b) for a, *b in ["xyz", [1]]], [x if x else "z" for x in (0, 1)])
print({**{k: 1 for k in "ab"}, **{}}, [lambda: i for i in range(2)][0]())
