# dataclasses
from dataclasses import FrozenInstanceError, asdict, astuple, dataclass, field, fields, replace

@dataclass(order=True)
class P:
    x: int
    y: int = 0
    tags: list = field(default_factory=list, compare=False, repr=False)
p = P(1, 2); q = P(1)
print(p, q, p == P(1, 2), p > q, asdict(p), astuple(p), replace(p, y=9), [f.name for f in fields(P)], sorted([p, q]), p.tags is not q.tags)
@dataclass(frozen=True)
class F:
    a: int
    b: str = "b"
    def __post_init__(self): object.__setattr__(self, "b", self.b * 2)
f = F(1)
print(f, hash(f) == hash(F(1)), {f: 1}[F(1)])
try: f.a = 2
except FrozenInstanceError as e: print(type(e).__name__, e)
@dataclass
class Sub(P):
    z: float = 1.5
print(Sub(1, 2, [], 3.0), Sub(1))
@dataclass(slots=True, kw_only=True)
class K:
    m: int
    n: int = 3
print(K(m=1), K.__slots__)
for bad in (lambda: P(), lambda: K(1), lambda: P(1, 2, 3, 4)):
    try: bad()
    except TypeError as e: print(e)
try:
    @dataclass
    class Bad:
        a: list = []
except ValueError as e: print(e)
try:
    @dataclass
    class Bad2:
        a: int = 1
        b: int
except TypeError as e: print(e)
