# itertools
import itertools as it

print(list(it.chain("ab", [1])), list(it.chain.from_iterable(["ab", "c"])), list(it.islice(it.count(5, 2), 3)), list(it.islice("abcdef", 1, None, 2)), list(it.islice(it.cycle("ab"), 5)), list(it.repeat(1, 3)))
print(list(it.accumulate([1, 2, 3])), list(it.accumulate([1, 2, 3], lambda a, b: a * b, initial=10)), list(it.compress("abc", [1, 0, 1])), list(it.dropwhile(lambda x: x < 2, [1, 2, 1])), list(it.takewhile(lambda x: x < 2, [1, 2, 1])), list(it.filterfalse(None, [0, 1, ""])))
print([(k, list(g)) for k, g in it.groupby("aabbca")], list(it.pairwise("abc")), list(it.starmap(pow, [(2, 3), (3, 2)])), list(it.zip_longest("ab", "c", fillvalue="-")), [list(x) for x in it.tee([1, 2])])
print(list(it.product("ab", repeat=2)), list(it.permutations("abc", 2)), list(it.combinations("abc", 2)), list(it.combinations_with_replacement("ab", 2)), list(it.product()), list(it.permutations([])))
for f in (lambda: it.islice("a", -1), lambda: it.repeat(), lambda: it.count("a"), lambda: list(it.chain(5)), lambda: it.combinations("a", -1), lambda: it.tee([], -1), lambda: it.groupby()):
    try: print(f())
    except (TypeError, ValueError) as e: print(type(e).__name__, e)
print(it.count(3), it.repeat("x", 2), next(it.count(1.5, 0.5)))
