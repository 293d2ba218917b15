# Returns out of hot loops, recursion, loops in called functions: what compiled code does with frames.
import sys


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


print(fib(17))


def even(n):
    return True if n == 0 else odd(n - 1)


def odd(n):
    return False if n == 0 else even(n - 1)


print([even(k) for k in range(60)].count(True))


class Node:
    def __init__(self, depth, made):
        made.append(depth)
        self.children = [Node(depth - 1, made) for _ in range(3)] if depth else []

    def count(self):
        n = 1
        for child in self.children:
            n += child.count()
        return n

    def __add__(self, other):
        total = 0
        for child in self.children:
            total += len(child.children) + other
        return total

    def find(self, depth):
        for child in self.children:
            if not child.children and depth > 1:
                return child
            found = child.find(depth + 1)
            if found is not None:
                return found
        return None


made = []
tree = Node(5, made)
print(len(made), sum(made), tree.count())
print(sum(tree + k for k in range(50)), tree.find(0) is not None)


def search(rows, wanted):
    for y, row in enumerate(rows):
        for x, v in enumerate(row):
            if v == wanted:
                return y, x
    return None


rows = [[(7 * y + 3 * x) % 50 for x in range(20)] for y in range(20)]
print([search(rows, k) for k in range(-1, 52)])


def deep(n):
    return 0 if n == 0 else 1 + deep(n - 1)


for k in range(30):
    deep(100)
print(deep(90))
for limit in 150, 300:
    sys.setrecursionlimit(limit)
    for _ in range(3):
        try:
            deep(5000)
        except RecursionError as e:
            print(e)
sys.setrecursionlimit(1000)


def inner(values):
    total = 0
    for v in values:
        total += 10 // v
    return total


def outer(rows):
    caught = 0
    for row in rows:
        try:
            caught += inner(row)
        except ZeroDivisionError:
            caught -= 1
    return caught


print(outer([[1, 2, 5] * 5, [3, 0, 1]] * 60))
try:
    outer([[1, 2]] * 50 + [[1, "x"]])
except TypeError as e:
    tb = e.__traceback__
    lines = []
    while tb:
        lines.append((tb.tb_frame.f_code.co_name, tb.tb_lineno))
        tb = tb.tb_next
    print(e, lines[-2:])


def names(n):
    if n == 0:
        out = []
        f = sys._getframe()
        while f:
            out.append((f.f_code.co_name, f.f_lineno, f.f_locals.get("n")))
            f = f.f_back
        return out
    return names(n - 1)


for _ in range(40):
    last = names(6)
print(last[:7])


def mixed(n, acc):
    if n == 0:
        return acc
    if n % 3 == 0:
        return mixed(n - 1, acc + 0.5)
    return mixed(n - 1, acc + n) if n % 2 else mixed(n - 1, acc * 2)


print([mixed(n, 1) for n in range(70)][-3:])


def permutations(items):
    if len(items) <= 1:
        yield items
        return
    for k in range(len(items)):
        for rest in permutations(items[:k] + items[k + 1:]):
            yield [items[k]] + rest


print(sum(p[0] * p[-1] for p in permutations([1, 2, 3, 4, 5])))
