# inheritance, overriding and super
class A:
    def __init__(self, x): self.x = x
    def hi(self): return f"A{self.x}"
class B(A):
    def __init__(self, x, y):
        super().__init__(x)
        self.y = y
    def hi(self): return f"B{self.y}<" + super().hi()
class C(B):
    def hi(self): return "C<" + super(B, self).hi()
print(B(1, 2).hi(), C(3, 4).hi(), isinstance(C(1, 2), A), issubclass(C, (int, A)), C.__mro__, C.__bases__, A.__subclasses__())
