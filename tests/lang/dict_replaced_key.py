# A dict whose keys are removed and added again while it is iterated over says so.
def replace(d, view):
    steps = 0
    try:
        for _ in view(d):
            steps += 1
            for key in list(d):
                del d[key]
                d[key] = 0
    except RuntimeError as error:
        return steps, str(error)
    return steps, "ended"


for view in (iter, dict.keys, dict.values, dict.items):
    print(replace({0: 0}, view), replace({0: 0, 1: 1}, view))


import weakref

members = {1, 2}
print(weakref.ref(members)() is members, weakref.ref(frozenset(members)) is None)
print(round(1.5, 10**400), round(1.5, -10**400))


class Thing:
    def method(self, *args):
        return len(args)


class Holder:
    bound = classmethod(Thing().method)


print(Holder.bound(), Holder().bound(1))


def boring():
    yield


class Wrong(Exception):
    def __new__(cls, *args):
        return 7


try:
    boring().throw(Wrong)
except TypeError as error:
    print(error)
