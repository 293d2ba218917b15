"""A class has no version: what a trace asks it by its shape is not checked against the snapshot."""


class A:
    pass


class B:
    pass


def count(n, classes):
    found = 0
    for i in range(n):          # loop: GuardShape, no ReadCheck
        if classes[i & 1]:
            found += 1
    return found


assert count(3000, (A, B)) == 3000
