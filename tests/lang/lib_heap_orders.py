# Heaps of all kinds of items: what comparisons see of the heap, and what they may do to it.
import heapq
import random

r = random.Random(3)


def orders(items):
    h = []
    for x in items:
        heapq.heappush(h, x)
    a = [heapq.heappop(h) for _ in range(len(h))]
    g = list(items)
    heapq.heapify(g)
    first = list(g)
    b = [heapq.heapreplace(g, items[0]), heapq.heappushpop(g, items[-1])]
    m = list(items)
    heapq._heapify_max(m)
    top = [heapq._heappop_max(m) for _ in range(len(m) // 2)]
    return a == sorted(items), first, b, g, top, m


ints = [r.randrange(100) for _ in range(60)]
for items in (ints, [x / 2 for x in ints], ["%d" % x for x in ints], [(x % 7, -x) for x in ints], [(x,) for x in ints],
              [(x % 3, str(x)) for x in ints], [x if x % 2 else x / 4 for x in ints], [True, 2, False, 1, 2 ** 70, -2 ** 65],
              [(), (1,), (0, 0), (0,)], [b"x", b"", b"a"], [float("inf"), 1.0, -0.0, 0.0, float("-inf")], ["é", "a", "\u1234", "aa"]):
    print(orders(items))
nan = float("nan")
h = [3.0, nan, 1.0, 2.0]
heapq.heapify(h)
print(h, heapq.nsmallest(2, ints), heapq.nlargest(3, ints), list(heapq.merge([1, 4], [2, 3])))

heap, seen = [], []


class Spy:
    def __init__(self, k):
        self.k = k

    def __lt__(self, other):
        seen.append([x.k for x in heap])
        if self.k == 13:
            raise ValueError(len(seen))
        return self.k < other.k


for k in (5, 3, 8, 1, 9, 2, 7, 6):
    heapq.heappush(heap, Spy(k))
heapq.heappop(heap)
print(len(seen), seen[3:8], seen[-1], [x.k for x in heap])
try:
    heapq.heappush(heap, Spy(13))
except ValueError as e:
    print(e, [x.k for x in heap])


class Shrinks:
    def __lt__(self, other):
        heap.clear()
        return True


heap = [Shrinks() for _ in range(5)]
for f in (lambda: heapq.heappop(heap), lambda: heapq.heapify(heap), lambda: heapq.heappush(heap, Shrinks())):
    heap = [Shrinks() for _ in range(5)]
    try:
        f()
    except (RuntimeError, IndexError) as e:
        print(type(e).__name__, e, len(heap))
for f in (heapq.heappush, heapq.heapreplace, heapq.heappushpop, heapq.heappop, heapq.heapify, heapq._heappop_max):
    for bad in ((1,), 5):
        try:
            f(bad, *[1] * (f in (heapq.heappush, heapq.heapreplace, heapq.heappushpop)))
        except TypeError as e:
            print(e)
try:
    heapq.heapify([1, "a"])
except TypeError as e:
    print(e)
