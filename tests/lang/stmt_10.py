# global and nonlocal choose the scope of a name
x = "global"
def f():
    global x, made
    x = "changed"
    made = 1
f()
print(x, made)
def outer():
    y = 0
    def inc():
        nonlocal y
        y += 1
        return y
    def deep():
        def deeper():
            nonlocal y
            y *= 10
        deeper()
    inc(); inc(); deep()
    return y
print(outer())
class C:
    global z
    z = 5
    def m(self):
        return __class__.__name__
print(z, "z" in C.__dict__, C().m())
