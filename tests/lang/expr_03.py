# and, or, not and the conditional expression give operands, not truth values
print(0 or "x", 1 and "y", [] and 1, None or 0 or "", 1 or 1 / 0, 0 and 1 / 0)
print("a" if 1 else "b", "a" if [] else "b", (1 if 0 else 2) if 1 else 3)
class B:
    def __bool__(self):
        print("bool")
        return False
b = B()
print((b or 5), (b and 6) is b, not b)
if b or not b: print("ok")
