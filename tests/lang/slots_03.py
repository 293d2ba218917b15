# __slots__ of subclasses of list, dict, set and others: words of their own, no __dict__.
import copy
from collections import OrderedDict, deque


def attempt(f, *args):
    try:
        print(f(*args))
    except Exception as e:
        print(type(e).__name__, e)


class L(list):
    __slots__ = ('x',)


class D(dict):
    __slots__ = ()


class S(set):
    __slots__ = ('y', 'z')


class B(bytearray):
    __slots__ = ('q',)


for c in (L, D, S, B):
    o = c()
    print(c.__name__, hasattr(o, '__dict__'), '__dict__' in c.__dict__, c.__dictoffset__ > 0, hasattr(o, '__weakref__'))
    attempt(setattr, o, 'nope', 1)

o = L([1, 2])
attempt(getattr, o, 'x')
o.x = [o]
print(o, o.x, len(o))
del o.x
attempt(getattr, o, 'x')
attempt(delattr, o, 'x')
s = S({1})
s.y, s.z = 1, 2
print(s, s.y, s.z, L.x, S.y.__get__(s))
attempt(L.x.__get__, s)


# Below them: a dict behind the members, members behind a dict, members behind members.
class M(L):
    pass


class N(list):
    pass


class P(N):
    __slots__ = ('w',)


class Q(L):
    __slots__ = ('x2', '_Q__hidden')


m = M([3])
m.foo, m.x = 1, 2
print(m, m.__dict__, m.x)
p = P([4])
p.w, p.bar = 5, 6
print(p, p.w, p.__dict__)
q = Q()
q.x, q.x2 = 7, 8
print(q.x, q.x2, hasattr(q, '__dict__'), Q.__mro__)
attempt(lambda: type('Both', (L, S), {}))
attempt(lambda: type('Two', (L, P), {}))
attempt(lambda: type('T', (tuple,), {'__slots__': ('a',)}))
R = type('R', (N, L), {})
r = R([9])
r.x, r.other = 1, 2
print(r, r.x, r.__dict__)

# Many survive collections, copies and pickling protocols.
many = []
for i in range(2000):
    k = L(range(i % 4))
    k.x = str(i)
    many.append(k)
print(sum(int(k.x) for k in many), sum(len(k) for k in many))
c = copy.copy(many[7])
d = copy.deepcopy(many[7])
print(c, c.x, d, d.x, many[7].__reduce_ex__(2)[2])


# Assigning __class__ wants the same layout.
class X1(L):
    __slots__ = ()


class X2(list):
    __slots__ = ('w',)


class X3(list):
    __slots__ = ('x',)


class I1:
    __slots__ = ('a',)


class I2:
    __slots__ = ('b',)


class I3:
    __slots__ = ('a',)


class I4(I1):
    __slots__ = ()


for source, targets in ((X1, (L, X2, X3, N)), (I1, (I2, I3, I4, L)), (I4, (I1, I3, I2))):
    for target in targets:
        v = source()
        try:
            v.__class__ = target
            print(source.__name__, '->', type(v).__name__)
        except TypeError as e:
            print(e)

for c in (deque, OrderedDict):
    t = type('Sub', (c,), {'__slots__': ('q',)})()
    t.q = 3
    print(c.__name__, t.q)
