# co_positions point at the failing expression
def pos(f):
    try: f()
    except Exception as e:
        t = e.__traceback__.tb_next
        while t.tb_next: t = t.tb_next
        p = list(t.tb_frame.f_code.co_positions())[t.tb_lasti // 2]
        first = t.tb_frame.f_code.co_firstlineno
        return p[0] - first, p[1] - first, p[2], p[3]
def a(): return 1 + (2 / 0) * 3
def b(): x = [1, 2]; return x[5] + x[0]
def c(): return None.attr.other
def d(): return len(5) + 1
def e():
    return foo(1,
               2)
print(pos(a), pos(b), pos(c), pos(d), pos(e))
