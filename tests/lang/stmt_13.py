# annotations of variables are evaluated and stored at module and class level
x: int = 1
y: "later"
print(__annotations__)
class C:
    a: int
    b: str = "s"
    (c): float = 1.0
print(C.__annotations__, hasattr(C, "a"), C.b)
def f(p: int, *a: str, k: "K" = 1, **kw: list[int]) -> None:
    z: undefined_name
    w: also_undefined = 3
    return w
print(f.__annotations__, f(1))
