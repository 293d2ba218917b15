# what objects refer to, and who refers to them
import gc
import weakref


class A:
    pass


class L(list):
    pass


x, y = A(), A()
t = (x, y)
l = [x, 1, y]
d = {"k": x, y: "v"}
s = {x}
a = A()
a.attr = x
print([o is x or o is y for o in gc.get_referents(t)], len(gc.get_referents(l)) >= 2, x in gc.get_referents(l))
print(x in gc.get_referents(d), y in gc.get_referents(d), x in gc.get_referents(s), x in gc.get_referents(a), A in gc.get_referents(a))
print(gc.get_referents(), gc.get_referents(5, "s", None), x in gc.get_referents(L([x])), x in gc.get_referents(lambda v=x: v) or True)


def f():
    return x


print(f.__globals__ in gc.get_referents(f), f.__code__ in gc.get_referents(f))
holders = gc.get_referrers(x)
print([any(h is o for h in holders) for o in (t, l, d, s)], any(h is y for h in holders))
print(gc.get_referrers(A()) == [] or True, gc.is_tracked([]), gc.is_tracked(5))
r = weakref.ref(x)
p = weakref.proxy(x)
print(weakref.ref(x) is r, weakref.proxy(x) is p, weakref.ref(x, lambda r: 0) is r, weakref.getweakrefcount(x), weakref.getweakrefs(x)[0] is r, x.__weakref__ is r)
print(any(h is x for h in gc.get_referrers(x)), weakref.getweakrefcount(y), y.__weakref__, weakref.getweakrefs(5), weakref.getweakrefcount(None))


class S:
    __slots__ = ("q",)


for make in (lambda: weakref.ref(S()), lambda: weakref.ref(type("I", (int,), {})()), lambda: weakref.ref(type("T", (tuple,), {})()), lambda: S().__weakref__):
    try:
        print(make())
    except Exception as e:
        print(type(e).__name__, e)
print("__weakref__" in A.__dict__, "__weakref__" in S.__dict__, "__weakref__" in L.__dict__, list(A.__dict__))
print(type(A.__dict__["__weakref__"]).__name__, weakref.ref(type("U", (str,), {})()) is not None)
