# str.format fields: indices, attributes, nested specs and errors

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


class A:
    x = [1, {"k": "v"}]
print("{0.x[1][k]} {a.x[0]:>3} {} {}".format(A, 2, a=A) if False else "{0.x[1][k]} {a.x[0]:>3} {1}".format(A, 2, a=A))
print("{:>{w}} {!r} {:{}{}}".format("r", "q", "z", "*^", 5, w=4))
err(lambda: "{".format())
err(lambda: "}".format())
err(lambda: "{0".format(1))
err(lambda: "{a}".format())
err(lambda: "{0}{}".format(1))
err(lambda: "{}{0}".format(1))
err(lambda: "{}{}".format(1))
err(lambda: "{!z}".format(1))
err(lambda: "{0.}".format(1))
err(lambda: "{0[}".format(1))
err(lambda: "{0[]}".format([1]))
err(lambda: "{0[-1]}".format([1, 2]))
err(lambda: "{:{:{}}}".format(1, 2, 3))
err(lambda: "{!r".format(1))
err(lambda: "{0!rx}".format(1))
err(lambda: "{99999999999999999999}".format(1))
err(lambda: "{0[a]}".format({"a": 1}))
err(lambda: "{0[0]}".format({"0": 1}))
