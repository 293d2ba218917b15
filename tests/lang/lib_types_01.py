# the types module
import types

ns = types.SimpleNamespace(a=1, b=[2]); ns.c = 3; print(ns, ns == types.SimpleNamespace(a=1, b=[2], c=3)); del ns.a; print(ns)
m = types.MappingProxyType({"x": 1}); print(m["x"], dict(m), len(m), m | {"y": 2})
try: m["y"] = 2
except TypeError as e: print(e)
C = types.new_class("C", (int,), {}, lambda ns: ns.update(v=5)); print(C(3) + 1, C.v)
f = types.FunctionType((lambda a, b=2: a + b).__code__, {}, "nm", (10,)); print(f(1), f.__name__)
mt = types.MethodType(lambda self, x: (self, x), 5); print(mt(6), mt.__self__)
mod = types.ModuleType("mod", "doc"); mod.x = 1; print(mod, mod.__doc__, mod.x)
try: mod.nope
except AttributeError as e: print(e)
print(types.GeneratorType.__name__, isinstance((i for i in []), types.GeneratorType), types.NoneType is type(None), types.CodeType is type(f.__code__))
@types.coroutine
def g(): return (yield 1)
async def h(): return await g()
c = h(); print(c.send(None))
try: c.send("r")
except StopIteration as e: print(e.value)
@types.DynamicClassAttribute
def d(self): return 1
print(types.resolve_bases((int,)))
