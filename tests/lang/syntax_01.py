# texts of syntax errors
for src in ["x = ", "if x", "def f(:", "f(", "[1, 2", "a b", "1 = x", "f() = 1", "x + 1 = 2", "del f()", "lambda: (yield) = 1", "None = 1", "for 1 in x: pass", "def f(a, a): pass", "def f(a=1, b): pass",
            "def f(*): pass", "f(a=1, 2)", "f(**k, *a)", "f(a=1, a=2)", "return", "continue", "x: int: str", "import", "from x import", "from . import *x", "class", "try: pass", "else: pass", "'abc", "'''abc", "0777", "1a", "$", "x = 5 5",
            "global x\nnonlocal y", "def f():\n x = 1\n global x", "nonlocal x", "def f():\n nonlocal zz", "a, b += 1", "(a, b): int = 1", "[x for x in y] = 1", "x if y", "with x as 1: pass", "print 5", "exec 'x'", "if x = 1: pass", "{1: 2, 3}", "{**a, 1}",
            "  x = 1", "if 1:\nx", "if 1:\n  x\n y", "async def f(): [await x for x in y]", "x = yield", "*a", "*a = 1", "a = *b", "f(x for x in y, 1)", "from __future__ import nope", "assert (1, 2) = 3", "\\x", "a := 1", "(a.b := 1)", "def f(x): global x", "import a.b as c.d", "f(x=)", "f(True=1)", "(1 for x in y) = 1", "raise x from", "not", "@", "x = (1,\n2", "}", "(]"]:
    try: compile(src, "<t>", "exec")
    except SyntaxError as e: print(repr(src), "|", type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset)
    else: print("fine", repr(src))
