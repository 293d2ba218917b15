# abstract base classes
import abc
import collections.abc as cabc

class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self): ...
    @property
    @abc.abstractmethod
    def name(self): ...
class Sq(Shape):
    name = "sq"
    def area(self): return 4
for c in (Shape, Sq):
    try: print(c().area())
    except TypeError as e: print(e)
@Shape.register
class Fake: pass
print(isinstance(Fake(), Shape), issubclass(Fake, Shape), Shape.__abstractmethods__ == {"area", "name"})
class It:
    def __iter__(self): return iter([])
    def __len__(self): return 0
    def __contains__(self, x): return False
print(isinstance(It(), cabc.Iterable), isinstance(It(), cabc.Collection), isinstance(It(), cabc.Sequence), isinstance([], cabc.MutableSequence), isinstance({}, cabc.Mapping), isinstance(len, cabc.Callable), isinstance(5, cabc.Hashable), isinstance([], cabc.Hashable), isinstance((i for i in []), cabc.Generator))
class Seq(cabc.Sequence):
    def __init__(self, *a): self.a = a
    def __getitem__(self, i): return self.a[i]
    def __len__(self): return len(self.a)
s = Seq(1, 2, 3, 2); print(list(s), 2 in s, s.index(3), s.count(2), list(reversed(s)))
class MM(cabc.MutableMapping):
    def __init__(self): self.d = {}
    def __getitem__(self, k): return self.d[k]
    def __setitem__(self, k, v): self.d[k] = v
    def __delitem__(self, k): del self.d[k]
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)
m = MM(); m.update(a=1, b=2); print(dict(m), m.pop("a"), m.setdefault("c", 3), list(m.items()), m == {"b": 2, "c": 3}, m.popitem())
class MS(cabc.Set):
    def __init__(self, x): self.x = list(x)
    def __contains__(self, v): return v in self.x
    def __iter__(self): return iter(self.x)
    def __len__(self): return len(self.x)
print(list(MS([1, 2]) & MS([2, 3])), MS([1]) <= MS([1, 2]), list(MS([1]) | [5]))
