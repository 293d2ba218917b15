# return in loops, try and finally
def a():
    for i in range(5):
        try:
            if i == 2: return i
        finally: print("fin", i)
def b():
    try: return "try"
    finally: return "finally"
def c():
    for i in range(3):
        try: continue
        finally: print("c", i)
    return "end"
def d():
    while True:
        try: 1 / 0
        except ZeroDivisionError: break
        finally: print("d")
    return
def e():
    x = 1
    try: return x
    finally: x = 2
print(a(), b(), c(), d(), e())
