# Warnings that the lexer, the parser and the code generator give, and what filters make of them.
import warnings, sys
for src in ["1or 2", "1if 1else 2", "0x1for x in (1,)", "'x' is 1", "x is 'y'", "1 is x", "() is x", "assert (1, 'x')", "'\\d'", "b'\\d'", "1()", "'a'()", "[1][1,2]", "'a'[1,2]", "x is not 5", "1[2]", "(1)(2)", "[] (1)", "{}[1]", "{1}[1]", "(1,2)('a')", "None()", "f'{1}'()", "'\\400'", "1in [1]", "1.0or 2", "1jif 1else 2", "[1,2]['a']","(lambda: 1)[1]", "{1:2}()"," 0o7and 1", "0b1or 3","1_0or 5","1e5or 2", "x is -1", "x is None", "x is True", "... is x", "x is (1,2)", "x is f'{x}'"]:
    with warnings.catch_warnings(record=True) as w:
        warnings.simplefilter("always")
        try:
            compile(src.strip(), "<t>", "exec")
        except SyntaxError as e:
            print(repr(src), "SE", e.msg, e.lineno, e.offset)
        for m in w: print(repr(src), m.category.__name__, m.message, m.lineno, m.filename)
        if not w: print(repr(src), "none")
with warnings.catch_warnings():
    warnings.simplefilter("error")
    for src in ("1or 2", "x is 1", "'\\d'", "assert (1,2)"):
        try: compile(src, "<t>", "exec")
        except SyntaxError as e: print(e, e.lineno, e.offset, e.end_lineno, e.end_offset, e.text)
for s in (r"'\400'", r"b'\777'", r"'\3777'", r"'\4'", r"'\d\400'", r"'\400\d'", r"f'\400{1}'", r"'\40x'", "x = 1\ny = '''a\n\\d'''\n", "('a'\n'\\d')", "f'{1}\\d'"):
    with warnings.catch_warnings(record=True) as w:
        warnings.simplefilter("always")
        compile(s,"t","exec")
        print(repr(s), [(str(m.message), m.lineno) for m in w])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try: compile(s,"t","exec")
        except SyntaxError as e: print(e.args)
for s in ("if 1:\n  x = 1or 2 + 3 # c\n", "x = (1,\n 0x1or 3)", "é = 1or 2"):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try: compile(s,"t","exec")
        except SyntaxError as e: print(e.args)
