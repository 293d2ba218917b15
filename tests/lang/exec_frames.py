# exec() and eval() run in the interpreter that calls them: results, errors, depth, callers in C++.
exec("def f(): return 'f'\nx = 5")
print(x, f())
print(exec("y = 1"), eval("y + 1"), eval("[y for _ in range(3)]", {"y": 7}))


def g():
    return 42


print(exec(g.__code__), eval(g.__code__))
print(exec(compile("3", "", "eval")), eval(compile("3", "", "eval")))
print(list(map(eval, ["1 + 1", "2 * 3"])), max(["1", "3"], key=eval))

try:
    exec("1 / 0")
except ZeroDivisionError as e:
    print(repr(e), e.__traceback__.tb_next.tb_frame.f_code.co_filename)


def countdown(n):
    return exec("countdown(n - 1)", {"countdown": countdown, "n": n}) if n else None


print(countdown(100))
try:
    countdown(10**6)
except RecursionError:
    print("too deep")


class A:
    exec("z = 3")
    w = eval("z + 1")


print(A.z, A.w)


def generate():
    yield eval("1")
    yield exec("2")


print(list(generate()))
total = 0
for i in range(3000):
    total += eval("i * 2")
    exec("total += 1")
print(total)
