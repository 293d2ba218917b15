# itertools: every iterator, ends, errors, lengths, copies.
import copy
import operator
import pickle
from itertools import *


def show(name, make):
    try:
        print(name, make())
    except Exception as e:
        print(name, type(e).__name__, e)


show("accumulate", lambda: list(accumulate([1, 2, 3])))
show("accumulate mul", lambda: list(accumulate([1, 2, 3], operator.mul, initial=10)))
show("accumulate none", lambda: list(accumulate([])))
show("chain", lambda: list(chain("ab", [], "c")))
show("from_iterable", lambda: list(chain.from_iterable(["ab", "cd"])))
show("chain bad", lambda: list(chain("a", 1)))
show("combinations", lambda: list(combinations("abcd", 2)))
show("combinations 0", lambda: list(combinations("abcd", 0)))
show("combinations big", lambda: list(combinations("ab", 3)))
show("combinations neg", lambda: combinations("ab", -1))
show("with_replacement", lambda: list(combinations_with_replacement("abc", 2)))
show("with_replacement none", lambda: list(combinations_with_replacement("", 1)))
show("permutations", lambda: list(permutations("abc")))
show("permutations 2", lambda: list(permutations(range(4), 2)))
show("permutations big", lambda: list(permutations("a", 2)))
show("product", lambda: list(product("ab", range(2))))
show("product repeat", lambda: list(product("ab", repeat=2)))
show("product none", lambda: (list(product()), list(product("ab", "")), list(product("a", repeat=0))))
show("compress", lambda: list(compress("abcdef", [1, 0, 1, 0, 1])))
show("dropwhile", lambda: list(dropwhile(lambda v: v < 3, [1, 4, 2])))
show("takewhile", lambda: list(takewhile(lambda v: v < 3, [1, 4, 2])))
show("filterfalse", lambda: list(filterfalse(None, [0, 1, 2, ""])))
show("starmap", lambda: list(starmap(pow, [(2, 3), (3, 2)])))
show("count", lambda: list(islice(count(5, 3), 3)))
show("count float", lambda: list(islice(count(0.5, 0.25), 3)))
show("count big", lambda: list(islice(count(2**62 - 1), 3)))
show("count repr", lambda: (count(3), count(1, 2), count("a")))
show("repeat", lambda: (list(repeat(1, 3)), repeat("x"), repeat("x", 2), operator.length_hint(repeat(1, 4))))
show("repeat none", lambda: (list(repeat(1, -1)), operator.length_hint(repeat(1), 7)))
show("cycle", lambda: list(islice(cycle("abc"), 7)))
show("cycle none", lambda: list(cycle("")))
show("groupby", lambda: [(k, list(g)) for k, g in groupby("aabbbca")])
show("groupby key", lambda: [(k, list(g)) for k, g in groupby([1, 3, 2, 4, 5], key=lambda v: v % 2)])
show("groupby skipped", lambda: [k for k, g in groupby("aabc")])
groups = [g for k, g in groupby("aab")]
show("groupby late", lambda: [list(g) for g in groups])
for args in ((3,), (1, 3), (1, None, 2), (None, 4), (0, 0), (5, 2), (-1,), (1, -1), (0, 5, 0), (0, 5, -1), ("a",), ()):
    show("islice", lambda: list(islice("abcdef", *args)))
it = iter(range(10))
show("islice rest", lambda: (list(islice(it, 2, 5)), next(it)))
show("pairwise", lambda: (list(pairwise("abcd")), list(pairwise("a"))))
show("zip_longest", lambda: (list(zip_longest("ab", "c", "")), list(zip_longest("ab", "c", fillvalue="-")), list(zip_longest())))
x, y, z = tee(range(4), 3)
show("tee", lambda: (next(x), next(x), list(y), list(x), list(copy.copy(z)), list(z)))
show("tee bad", lambda: (tee([], 0), tee([], -1)))
show("not iterator", lambda: next(chain()))


class Broken:
    def __iter__(self):
        return self

    def __next__(self):
        raise ValueError("broken")


for make in (lambda i: chain(i), lambda i: accumulate(i), lambda i: cycle(i), lambda i: groupby(i), lambda i: islice(i, 3),
             lambda i: zip_longest(i, "a"), lambda i: tee(i)[0], lambda i: pairwise(i), lambda i: compress(i, [1]),
             lambda i: starmap(pow, i), lambda i: product(i), lambda i: combinations(i, 1)):
    show("broken", lambda: list(make(Broken())))

for i in (count(3), count(1, 2), repeat(1, 3), accumulate([1, 2]), chain("ab", "c"), combinations("abc", 2), permutations("abc"),
          product("ab", repeat=2), compress("ab", [1, 1]), zip_longest("ab", "c"), islice("abcd", 1, 3), cycle("ab")):
    if not isinstance(i, (count, repeat, cycle)):
        next(i)
    j = copy.copy(i)
    k = pickle.loads(pickle.dumps(i))
    print(type(i).__name__, list(islice(j, 4)), list(islice(k, 4)), len(list(islice(i, 4))))
