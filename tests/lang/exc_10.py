# tracebacks hold lines, frames and positions
def a():
    b(
        1)
def b(x):
    raise ValueError("deep")
try: a()
except ValueError as e:
    tb = e.__traceback__
    while tb:
        print(tb.tb_lineno, tb.tb_frame.f_code.co_name, tb.tb_lasti >= 0, tb.tb_frame.f_lineno, sorted(tb.tb_frame.f_locals) if tb.tb_next and tb.tb_frame.f_code.co_name != "<module>" else None)
        tb = tb.tb_next
    print(e.with_traceback(None) is e, e.__traceback__)
def lines(f):
    try: f()
    except Exception as e:
        t, r = e.__traceback__.tb_next, []
        while t: r.append(t.tb_lineno - f.__code__.co_firstlineno); t = t.tb_next
        return r
def g():
    x = 1
    y = (x +
         "s")
def h():
    for i in range(3):
        if i == 2:
            {}[
                i
            ]
def k():
    try:
        1 / 0
    finally:
        x = 2
def m():
    try:
        1 / 0
    except ZeroDivisionError:
        raise
print(lines(g), lines(h), lines(k), lines(m))
