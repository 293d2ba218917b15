# operator functions
import operator as op

print(op.add(1, 2), op.floordiv(7, 2), op.neg(3), op.not_(0), op.truth([]), op.contains([1], 1), op.getitem([1, 2], 1), op.concat("a", "b"), op.index(True), op.is_(None, None), op.mod(7, 3), op.pow(2, 3), op.xor(5, 1), op.countOf([1, 1, 2], 1), op.indexOf("abc", "c"), op.length_hint([1, 2]))
print(op.itemgetter(1)([1, 2]), op.itemgetter(0, 2)("abc"), op.attrgetter("real", "imag")(3 + 4j), op.methodcaller("upper")("a"), op.methodcaller("split", ",", maxsplit=1)("a,b,c"))
l = [1]; l = op.iadd(l, [2]); op.setitem(l, 0, 9); op.delitem(l, 1); print(l, sorted([(1, "b"), (0, "c")], key=op.itemgetter(1)))
for f in (lambda: op.itemgetter(5)([1]), lambda: op.attrgetter("a.b")(5), lambda: op.add(1, "a"), lambda: op.itemgetter(), lambda: op.index(1.5), lambda: op.attrgetter(5)):
    try: f()
    except (TypeError, IndexError, AttributeError) as e: print(type(e).__name__, e)
