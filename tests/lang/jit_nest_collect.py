# A collection while the trace of an inner loop runs that another trace jumped into: the inner loop's registers count.
class Base:
    def __init__(self, p):
        pass

    def act(self, x):
        pass

    def text(self, p=1):
        return '{:>5}|{:<4}|{k}'.format(0, joined, k=7)


class Derived(Base):
    pass


def ignore(x):
    pass


def main():
    global joined, last
    cls = Base
    object_ = Base(0)
    joined = ', '.join('')
    for i in range(7, 67):
        for k in range(3):
            cls.text({1: 2, 3: 4}.get(Derived, 0))
        last = ignore(object_.act)
    return i, k


print(main())
