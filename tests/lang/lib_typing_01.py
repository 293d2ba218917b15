# typing constructs at run time
import typing
from typing import Any, Callable, Generic, Literal, NamedTuple, Optional, Protocol, TypedDict, TypeVar, Union, get_type_hints, runtime_checkable

T = TypeVar("T")
print(T, Optional[int], Union[int, str, int], list[int], dict[str, list[int]], Callable[[int], str], Literal["a", 1], typing.List[int], Any, typing.get_args(dict[str, int]), typing.get_origin(list[int]))
class Box(Generic[T]):
    def __init__(self, v: T): self.v = v
print(Box[int], Box[int](5).v, Box.__parameters__, Box[T][str])
class N(NamedTuple):
    a: int
    b: str = "x"
print(N(1), N(1).b, N.__annotations__, N._field_defaults)
class D(TypedDict, total=False):
    k: int
print(D(k=1), D.__annotations__, D.__total__)
@runtime_checkable
class HasF(Protocol):
    def f(self): ...
class X:
    def f(self): pass
print(isinstance(X(), HasF), isinstance(5, HasF))
def g(a: "int", b: Optional["str"] = None) -> "list[int]": pass
print(get_type_hints(g), int | None, (int | str).__args__, isinstance(1, int | str), typing.cast(int, "x"))
