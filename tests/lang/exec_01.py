# exec, eval and compile

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


ns = {}
exec("x = 1\ndef f(): return x + y", ns)
ns["y"] = 5
print(ns["f"](), sorted(k for k in ns if k != "__builtins__"), "__builtins__" in ns)
print(eval("a + b", {"a": 1}, {"b": 2}), eval("[x for x in range(3)]"), eval(" 1 + 1"), eval(b"2 * 3"), eval(compile("7", "", "eval")))
c = compile("z = 1; z", "<n>", "exec"); print(exec(c), z, c.co_filename, c.co_name)
c = compile("1 + 1", "<s>", "single"); exec(c); exec(compile("None", "", "single")); exec(compile("for i in range(2): i\n", "", "single"))
err(lambda: eval("x = 1"))
err(lambda: eval(""))
err(lambda: eval("1 +"))
err(lambda: eval("1\n2"))
err(lambda: exec("("))
err(lambda: exec(5))
err(lambda: eval(5))
err(lambda: eval("1", 5))
err(lambda: eval("1", {}, 5))
err(lambda: exec("1", []))
err(lambda: compile("1", "f", "nope"))
err(lambda: compile("1", "f"))
err(lambda: compile(5, "f", "exec"))
err(lambda: eval("a\0b"))
err(lambda: eval("q_undefined"))
err(lambda: exec("return 1"))
err(lambda: exec("break"))
err(lambda: exec("yield 1"))
