# slice assignment and deletion in lists and bytearrays
def t(f):
    l, b = list(range(8)), bytearray(range(8))
    for o in (l, b):
        try: f(o)
        except Exception as e: print(type(e).__name__, e, end=" ")
        print(list(o), end="; ")
    print()
def a1(o): o[1:3] = [9]
def a2(o): o[::2] = [9] * 4
def a3(o): o[::2] = [1]
def a4(o): o[5:2] = [7, 7]
def a5(o): o[:] = []
def a6(o): o[2:2] = o
def a7(o): o[::-1] = list(o)
def a8(o): del o[1:6:2]
def a9(o): del o[::-3]
def b1(o): del o[100:]
def b2(o): o[0:2] = 5
def b3(o): o[0] = 300
def b4(o): o[20:] = [1, 2]
def b5(o): o[-3:-1] = (1,)
def b6(o): o[1:5:-1] = []
for f in (a1, a2, a3, a4, a5, a6, a7, a8, a9, b1, b2, b3, b4, b5, b6): t(f)
