# set display, operators, comparisons and errors

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


a, b = {1, 2, 3}, {3, 4}
print(a | b, a & b, a - b, a ^ b, a < b, {1} < a, a >= {1, 2}, a == {3, 2, 1}, a != b, a.isdisjoint({9}), len(a), 1 in a, set("aab") == {"a", "b"}, frozenset([1, 2]) | {3}, {3} | frozenset([1]), type(frozenset() | set()).__name__, repr(set()), repr(frozenset()), repr(frozenset([1])), {frozenset([1]): 2}[frozenset([1])])
a |= {5}; a -= {1}; a &= {2, 3, 5}; a ^= {2, 9}; print(a)
err(lambda: {1} | [1])
err(lambda: {1} < [1])
err(lambda: {1} + {2})
err(lambda: set(5))
err(lambda: set([[]]))
err(lambda: set().pop())
err(lambda: {1}.remove(2))
err(lambda: frozenset([1]).add)
err(lambda: hash({1}))
err(lambda: {1, 2}[0])
err(lambda: set(1, 2))
err(lambda: {1} in {frozenset([1])})
s = set(range(50)); [s.discard(i) for i in range(0, 50, 3)]; print(s, sum(s))
print(frozenset(frozenset([1])) == frozenset([1]), set([1, 2]) == frozenset([1, 2]), hash(frozenset([1, 2, 3])) == hash(frozenset([3, 2, 1])))
