# A subscript store into a namespace rebinds a function that compiled code has taken for constant.
def one():
    return 1


def two():
    return 2


def rebind(names):
    space = globals()
    total = 0
    for name in names:
        space[name] = two
        total += one()
    return total


print(rebind(["other"] * 600 + ["one"] + ["other"] * 400))
