# min, max, sum, sorted, any, all

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


print(min(3, 1, 2), max([3, 1]), min("b", "a"), max([1, 2, 3], key=lambda x: -x), min([], default=5), max({1: 2, 5: 0}), sum([1, 2], 10), sum([[1], [2]], []), sum([0.1] * 10), sum([True, 2.5, 3]), sum(()), any([]), all([]), any([0, 1]), all([1, 0]))
print(sorted([3, 1, 2], reverse=True), sorted("bca"), sorted({"b": 1, "a": 2}), sorted([(1, "b"), (1, "a"), (0, "z")]), sorted(["B", "a"], key=str.lower), sorted([3, -1, 2], key=abs), sorted([1.5, 1, True, 0]))
err(lambda: min())
err(lambda: min([]))
err(lambda: max(5))
err(lambda: min(1, "a"))
err(lambda: max([1], [2], default=3))
err(lambda: min([1], foo=2))
err(lambda: sum(5))
err(lambda: sum(["a"]))
err(lambda: sum(["a"], ""))
err(lambda: sum([b"a"], b""))
err(lambda: sum([1], start=5))
err(lambda: sorted(5))
err(lambda: sorted([1, "a"]))
err(lambda: sorted([1], lambda x: x))
err(lambda: sorted([3, 1], key=len))
err(lambda: any(5))
err(lambda: all())
