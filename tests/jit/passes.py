# What each optimisation removes is there without it: `loop -PASS` speaks of a run with that one switched off.
class Cell:
    def __init__(self):
        self.value = 1
        self.other = 2


class Pair:
    def __init__(self, a, b):
        self.a = a
        self.b = b


def folded(n):
    s = 0
    for i in range(n):    # loop: no Or, no Xor, no MulOv, no CheckInt
                          # loop -fold: Or, Xor, MulOv, CheckInt
        s += (i | 0) + (i ^ 0) + i * 1
    return s


def equal(n):
    s = 0
    for i in range(n):    # loop: MulOv<=1, And<=1
                          # loop -cse: MulOv>=2, And>=2
        s += (i * i) & 255
        s += (i * i) & 255
    return s


def ranged(n):
    s = 0
    for i in range(n):    # loop: AddOv<=1, Add>=2
                          # loop -range: AddOv>=3
        s += (i & 63) + 1
        s &= 1023
    return s


def forwarded(n):
    c = Cell()
    s = 0
    for i in range(n):    # loop: no LoadField
                          # loop -fwd: LoadField>=2
        s += c.value + c.value
    return s


def stores(n):
    c = Cell()
    for i in range(n):    # loop: StoreField<=3
                          # loop -dse: StoreField>=4
        c.value = 1
        c.value = i
    return c.value


def peeled(n):
    c = Cell()
    s = 0
    for i in range(n):    # loop: no GuardShape, no LoadField, no CheckInt, no ReadCheck
                          # loop -loop: GuardShape, LoadField, CheckInt, ReadCheck, no Loop
        s += c.other
    return s


def sunk(n):
    s = 0
    for i in range(n):    # loop: no New, no SetShape
                          # loop -sink: New, SetShape
        s += Pair(i, 2).a
    return s


def bounds(a, n):
    s = i = 0
    while i < n:    # loop: guards<=2
                    # loop -abc: guards>=3
        s += a[i]
        i += 1
    return s


def barriers(n):
    c = Cell()
    for i in range(n):    # loop: no barriers
                          # loop -barrier: ReadCheck, Acquire
        c.value += 1
        c.other += c.value
    return c.other


print(folded(3000), equal(3000), ranged(3000), forwarded(3000), stores(3000), peeled(3000), sunk(3000), barriers(3000))
print(sum(bounds([1, 2, 3] * 30, 90) for _ in range(50)))
