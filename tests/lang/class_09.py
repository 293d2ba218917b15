# private names are mangled
class A:
    __x = 1
    def __init__(self): self.__y = 2
    def get(self): return self.__x, self.__y, [__k for __k in (3,)]
    def __m(self): return "m"
    def call(self): return self.__m()
    __dunder__ = 5
class __B:
    __z = 1
class _C:
    __w = 2
print(A().get(), A().call(), sorted(k for k in A.__dict__ if "A" in k), A().__dict__, A.__dunder__)
print([k for k in __B.__dict__ if "z" in k], [k for k in _C.__dict__ if "w" in k])
try: A().__x
except AttributeError as e: print(e)
