# Attributes of an instance that the loop owns: one barrier before the loop, none in it.
class Box:
    def __init__(self):
        self.n = 0
        self.step = 3

    def add(self, k):
        self.n += self.step * k


def fill(box, n):
    i = 0
    while i < n:            # loop: no calls, no barriers, no GuardShape, no LoadField
        box.add(i)
        i += 1
    return box.n


print(fill(Box(), 5000))
