# starred expressions unpack into displays
a = [1, 2]
print([*a, *a], (*a, 3), {*a, 2, 5}, {**{"a": 1}, "b": 2, **{"a": 3}})
print(*a, *"xy", sep="-")
print([*range(3), *(), *{7: 8}], (*"ab",))
x = *a, 9
print(x)
for v in *a, 5: print(v, end=" ")
print()
try: [*5]
except TypeError as e: print(e)
try: {**5}
except TypeError as e: print(e)
try: (*None,)
except TypeError as e: print(e)
