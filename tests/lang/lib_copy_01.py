# copy and deepcopy
import copy

a = [1, [2, 3], {"k": (4, [5])}]
b, c = copy.copy(a), copy.deepcopy(a)
a[1].append(99); a[2]["k"][1].append(7)
print(a, b, c, b[1] is a[1], c[1] is not a[1])
l = []; l.append(l); d = copy.deepcopy(l); print(d is not l, d[0] is d)
class A:
    def __init__(self): self.x = [1]
    def __eq__(self, o): return self.x == o.x
    __hash__ = None
class B:
    def __copy__(self): return "copied"
    def __deepcopy__(self, memo): return "deep"
s = A(); t = copy.copy(s); u = copy.deepcopy(s); print(t.x is s.x, u.x is s.x, u == s, copy.copy(B()), copy.deepcopy([B()]))
print(copy.copy(5), copy.deepcopy((1, 2)), copy.copy({1, 2}), copy.deepcopy({1: [2]}), copy.copy(len) is len, copy.deepcopy(A) is A)
class S:
    __slots__ = ("q",)
x = S(); x.q = [1]; y = copy.deepcopy(x); print(y.q, y.q is x.q)
