# operator error texts name both types
for a, b in [(1, "x"), ("x", 1), ([], 1), (None, None), ({}, {}), (1.5, []), (b"", ""), (object, 1), (lambda: 0, 1), (1j, "")]:
    for op in ("+", "-", "*", "/", "//", "%", "**", "<<", "&", "@", "<", ">="):
        try: eval(f"a {op} b")
        except TypeError as e: print(op, e)
        else: print(op, "ok")
