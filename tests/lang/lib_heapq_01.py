# heapq and bisect
import bisect
import heapq

h = []
for x in [5, 1, 8, 3, 2]: heapq.heappush(h, x)
print(h, [heapq.heappop(h) for _ in range(3)], h, heapq.heappushpop(h, 0), heapq.heapreplace(h, 9), h)
l = [9, 7, 5, 3, 1]; heapq.heapify(l); print(l, heapq.nlargest(2, l), heapq.nsmallest(2, l, key=lambda x: -x), list(heapq.merge([1, 4], [2, 3])))
a = [1, 3, 3, 5]; print(bisect.bisect(a, 3), bisect.bisect_left(a, 3), bisect.bisect_right(a, 9)); bisect.insort(a, 4); print(a, bisect.bisect([("a", 1), ("b", 2)], 1, key=lambda t: t[1]))
try: heapq.heappop([])
except IndexError as e: print(e)
