# Frames of builtins written in Python count for no recursion, compiled or not.
import sys


def depth():
    n = 0

    def down():
        nonlocal n
        n += 1
        down()
    try:
        down()
    except RecursionError:
        pass
    return n


def work(n):
    total = 0
    for i in range(n):
        total += sum(k * i for k in range(12)) + max((k ^ i for k in range(9)), default=0)
        total += len(sorted(range(10), key=lambda k: -k)) + any(k > i for k in range(i, i + 9))
    return total


before = depth()
print(work(700))
print(depth() == before)
