# collections.deque
from collections import deque

d = deque([1, 2, 3], maxlen=4)
d.append(4); d.append(5); d.appendleft(0); print(d, d.maxlen, d[0], d[-1], len(d))
d.rotate(1); print(d); d.rotate(-2); print(d); d.extend("ab"); d.extendleft("xy"); print(d)
print(d.pop(), d.popleft(), d.count("x"), list(reversed(d)), d.index("x") if "x" in d else None, d == deque(d), d.copy())
d[0] = 9; del d[0]; d.insert(1, "i"); d.remove("i"); d.reverse(); print(d)
try: deque().pop()
except IndexError as e: print(e)
try: deque()[0]
except IndexError as e: print(e)
try: deque([1]).remove(5)
except ValueError as e: print(e)
try: deque([], -1)
except ValueError as e: print(e)
e = deque([1, 2, 3])
try:
    for x in e: e.append(x)
except RuntimeError as r: print(r)
print(deque([1]) + deque([2]), deque([1, 2]) * 2, deque([1]) < deque([2]), 1 in e, deque("abc", 2))
