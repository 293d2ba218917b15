# attributes: many, deleted, re-added, in different orders
class A: pass
objs = []
for i in range(50):
    o = A()
    for j in range(i % 7): setattr(o, f"a{(i * j) % 11}", j)
    if i % 3 == 0 and o.__dict__: del o.__dict__[next(iter(o.__dict__))]
    objs.append(o)
print([sorted(o.__dict__.items()) for o in objs[:12]])
o = A()
for i in range(200): setattr(o, f"x{i}", i)
for i in range(0, 200, 2): delattr(o, f"x{i}")
print(len(o.__dict__), o.x199, hasattr(o, "x0"), list(o.__dict__)[:3])
o.__dict__ = {"z": 1}; print(o.z, o.__dict__, hasattr(o, "x1"))
o.__dict__["w"] = 2; print(o.w, vars(o))
try: o.__dict__ = 5
except TypeError as e: print(e)
p = A(); p.b = 1; p.a = 2; print(list(vars(p))); del p.b; p.b = 3; print(list(vars(p)))
p.__dict__.clear(); print(hasattr(p, "a")); p.a = 1; print(p.__dict__)
