"""Allocation: binary trees made, checked and dropped, while a long-lived one stays."""


class Node:
    __slots__ = ("left", "right")

    def __init__(self, left, right):
        self.left = left
        self.right = right


def make(depth):
    if depth == 0:
        return Node(None, None)
    return Node(make(depth - 1), make(depth - 1))


def check(node):
    if node.left is None:
        return 1
    return 1 + check(node.left) + check(node.right)


def bench():
    kept = make(13)
    total = 0
    for depth in range(4, 14, 2):
        for _ in range(1 << (13 - depth)):
            total += check(make(depth))
    return total + check(kept)
