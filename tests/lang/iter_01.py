# zip, enumerate, map, filter and reversed

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


print(list(zip("abc", range(2))), list(zip()), list(zip("a")), list(zip("ab", "cd", strict=True)), list(enumerate("ab")), list(enumerate("ab", 5)), list(enumerate("a", start=-1)))
print(list(map(str, [1, 2])), list(map(lambda a, b: a + b, [1, 2, 3], [10, 20])), list(filter(None, [0, 1, "", "a"])), list(filter(lambda x: x > 1, [1, 2, 3])))
print(list(reversed([1, 2])), list(reversed("ab")), list(reversed(range(3))), list(reversed({1: 2, 3: 4})), list(reversed((1, 2))))
err(lambda: list(zip("ab", "c", strict=True)))
err(lambda: list(zip("a", "bc", strict=True)))
err(lambda: list(zip("a", "b", "cd", strict=True)))
err(lambda: zip(5))
err(lambda: zip("a", 5))
err(lambda: enumerate())
err(lambda: enumerate(5))
err(lambda: enumerate("a", "b"))
err(lambda: map())
err(lambda: map(str))
err(lambda: map(str, 5))
err(lambda: list(map(5, [1])))
err(lambda: filter(None))
err(lambda: filter(None, 5))
err(lambda: reversed(5))
err(lambda: reversed({1}))
err(lambda: reversed(iter([])))
err(lambda: zip("a", strick=True))
m = map(lambda x: 1 // x, [1, 0, 2])
print(next(m))
err(lambda: next(m))
print(next(m), next(m, "end"))
