# wrong match statements
for src in ["match x:\n case a: pass\n case b: pass", "match x:\n case a | b: pass", "match x:\n case [a, a]: pass", "match x:\n case {**r, 'a': 1}: pass",
            "match x:\n case {'a': 1, 'a': 2}: pass", "match x:\n case [*a, *b]: pass", "match x:\n case P(x=1, x=2): pass", "match x:\n case f'a': pass",
            "match x:\n case 1 + 2: pass", "match x:\n case {a: 1}: pass", "match x:\n case _ as _: pass", "match x:\n case P(a=1, 2): pass", "match x:\n case a.b as c.d: pass", "match x:\n pass", "match x:\n case -a: pass"]:
    try: compile(src, "m", "exec")
    except SyntaxError as e: print(e.msg)
    else: print("fine", repr(src))
