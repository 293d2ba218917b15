#!/usr/bin/env python3
"""Broken programs: each must end with CPython's exception class and exit code, never by a signal, in 10 s.

usage: run.py PYSTM          compare with answers.json
       run.py --record       record CPython's answers (development)
known_failures.json: the cases whose exception or exit code is known to differ, with the cause.
Closing line: N passed, N failed, N skipped.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
REFERENCE = "/usr/bin/python3"
TIMEOUT = 10


def cases():
    """Yields (name, source bytes or None, arguments or None)."""
    syntax = [
        "x = ", "def f(:\n pass", "if True\n  pass", "for in x: pass", "print 1", "x = (1, 2", "x = [1, 2)", "'abc", '"""abc',
        "x = 5 5", "a b", "1 = x", "f() = 1", "None = 1", "def f(a, a): pass", "return 1", "yield 1", "await x", "break",
        "continue", "class C\n pass", "  x = 1", "if 1:\nx = 1", "if 1:\n\tx\n        y", "lambda x: = 1", "x = 0777", "x = 1_", "x = 0b2",
        "x = 0xg", "x = 1.e", "import", "from x import", "from . import *, a", "global x; x = 1; global x", "def f():\n x = 1\n global x",
        "nonlocal x", "def f():\n nonlocal q", "try:\n pass", "try:\n pass\nexcept:\n pass\nexcept E:\n pass", "with x as 1: pass",
        "del f()", "del 1", "x = {1: 2, 3}", "{**a for a in b}", "[*a for a in b]", "f(a=1, 2)", "f(**k, *a)", "f(a for a in b, 1)", "f(x=1, x=2)",
        "assert", "raise from x", "@\ndef f(): pass", "x := 1", "(x.y := 1)", "f'{'", "f'{}'", "f'{a b}'", "f'{a!x}'", "f'}'", "b'\xe9'", "'\\N{nope}'",
        "'\\x1'", "'\\u12'", "match x:\n case 1 | a: pass\n case b: pass\n", "match x:\n case a, a: pass", "x = $", "x = ?", "x = a ? b : c",
        "def f(*): pass", "def f(**k, a): pass", "def f(a=1, b): pass", "def f(/): pass", "async x", "a, b += 1", "x: int: 3", "else:\n pass",
        "elif x: pass", "x++", "++", "a = *b", "*a", "print(*)", "()=", "\x00", "a\x00b", "x = 'a\nb'", "\\", "x = 1 \\ 2", "\u00a0x = 1", "x = \u201ca\u201d",
        "import a.b as c.d", "from __future__ import braces", "from __future__ import nope", "x = 1\nfrom __future__ import division",
        "for x in range(3):\n", "while True:\n", "def f():\n", "class A:\n", "if x:\n  pass\n else:\n  pass", "{", "(", "[", "((((((", "}", "))",
    ]
    for i, text in enumerate(syntax):
        yield f"syntax_{i:03}", text.encode(), None
    errors = [
        "1/0", "[][1]", "{}['a']", "nope", "None.x", "None()", "1 + 'a'", "int('x')", "float('y')", "open('/nope/nope')", "import nope_module",
        "from sys import nope", "[].nope()", "raise SystemExit(3)", "raise SystemExit('text')", "import sys; sys.exit(7)", "import sys; sys.exit(-1)",
        "import sys; sys.exit(256)", "raise KeyboardInterrupt", "raise ValueError", "raise 1", "raise Exception from 1", "assert False, 'm'", "del x", "x: int\nx",
        "def f(): x\nf()", "def f():\n y\n y = 1\nf()", "(lambda: 1)(2)", "def f(a): pass\nf()", "def f(): pass\nf(a=1)", "print(1, foo=2)", "len(5)",
        "iter(5)", "next(iter([]))", "a, b = 1", "a, b = 1, 2, 3", "a, *b = []", "'%d' % 'x'", "'{}'.format()", "'{a}'.format()", "chr(-1)", "ord('ab')",
        "b'\\xff'.decode()", "'\\udc80'.encode()", "bytes([256])", "[1] * 'a'", "range(1, 2, 0)", "slice(1)[0]", "object().x = 1", "class A: __slots__ = 'a'\nA().b = 1",
        "class A(int, str): pass", "class A(1): pass", "class A(bool): pass", "type('A', 1, 2)", "class M(type): pass\nclass N(type): pass\nclass A(metaclass=M): pass\nclass B(A, metaclass=N): pass",
        "exec('x = ')", "eval('1 +')", "compile('x', 'f', 'nope')", "hash([])", "{[]: 1}", "set([[]])", "sorted([1, 'a'])", "max([])", "sum(['a'])", "abs('a')",
        "pow(0, -1)", "1 << -1", "10 ** 400 * 1.0", "2.0 ** 5000", "int('1' * 5000)", "str(10 ** 5000)", "round('a')", "[].pop()", "{}.popitem()", "set().pop()",
        "[].remove(1)", "[].index(1)", "'a'.index('b')", "(1).bit_length(2)", "isinstance(1, 2)", "super().x", "def g(): yield\nx = g(); next(x); x.send(1)",
        "def g():\n raise StopIteration\n yield\nnext(g())", "with 1: pass", "async def f(): pass\nfor x in f(): pass", "raise ExceptionGroup('g', [ValueError(1)])",
        "try:\n 1/0\nexcept ZeroDivisionError:\n raise KeyError('k')", "try:\n 1/0\nfinally:\n [][0]", "import sys; sys.setrecursionlimit(0)", "memoryview(1)", "bytearray(-1)",
        "float('1e')", "complex('1+')", "b'a' + 'a'", "'a' + b'a'", "[1, 2][1.5]", "'abc'['a']", "(1, 2).x", "print.x = 1", "int.x = 1", "del int.real", "None.__class__ = 1",
    ]
    for i, text in enumerate(errors):
        yield f"error_{i:03}", text.encode(), None
    recursion = [
        "def f(): f()\nf()", "def f(n): return f(n + 1) + 1\nf(0)", "class A:\n def __repr__(self): return repr(self)\nrepr(A())",
        "class A:\n def __eq__(self, o): return self == o\nA() == A()", "class A:\n def __hash__(self): return hash(self)\nhash(A())", "class A:\n def __str__(self): return str(self)\nprint(A())",
        "class A:\n def __getattr__(self, n): return self.y\nA().x", "class A:\n def __getattribute__(self, n): return self.x\nA().x", "class A:\n def __add__(self, o): return self + o\nA() + 1",
        "class A:\n def __lt__(self, o): return self < o\nsorted([A(), A()])", "class A:\n def __len__(self): return len(self)\nlen(A())", "class A:\n def __bool__(self): return bool(self)\nbool(A())",
        "class A:\n def __iter__(self): return iter(self)\nlist(A())", "class A:\n def __call__(self): return self()\nA()()", "class A:\n def __getitem__(self, i): return self[i]\nA()[0]",
        "class A:\n def __contains__(self, x): return x in self\n1 in A()", "class A:\n def __enter__(self):\n  with self: pass\n def __exit__(self, *a): pass\nwith A(): pass", "class A:\n def __init__(self): A()\nA()",
        "class A:\n @property\n def p(self): return self.p\nA().p", "def g(): yield from g()\nlist(g())", "f = lambda: f()\nf()", "x = []\nfor i in range(100000): x = [x]\nrepr(x)",
        "x = ()\nfor i in range(100000): x = (x,)\nhash(x)", "a = []\nb = []\nfor i in range(100000):\n a = [a]; b = [b]\na == b", "import sys\nsys.setrecursionlimit(200)\ndef f(): f()\nf()",
        "class A:\n def __format__(self, s): return format(self)\nf'{A()}'", "class A:\n def __index__(self): return range(self)\nrange(A())", "class A:\n def __instancecheck__(self, x): return isinstance(x, self)\nisinstance(1, A())",
        "class A:\n def __missing__(self, k): return self[k]\nclass D(A, dict): pass\nD()[1]", "class A:\n def __set_name__(self, o, n): type('B', (), {'a': self})\nclass C: a = A()", "def f(*a): return max([1, 2], key=f)\nf()", "def f(x=0): return sorted([2, 1], key=lambda v: f())\nf()",
    ]
    for i, text in enumerate(recursion):
        yield f"recursion_{i:03}", text.encode(), None
    yield "huge_parens", b"x = " + b"(" * 1000000, None
    yield "huge_brackets", b"x = " + b"[" * 100 + b"]" * 1000000, None
    yield "huge_unary", b"x = " + b"-" * 1000000 + b"1", None
    yield "huge_literal", b"x = " + b"1" * 1000000, None
    yield "huge_attribute", b"x = a" + b".b" * 1000000, None
    yield "huge_list", b"x = [0] * (1 << 60)", None
    yield "huge_bytes", b"x = bytes(1 << 62)", None
    yield "huge_str", b"x = 'a' * (1 << 62)", None
    yield "huge_tuple", b"x = (1,) * (1 << 61)", None
    yield "huge_shift", b"x = 1 << (1 << 62)", None
    yield "huge_range_list", b"x = list(range(1 << 62))", None
    yield "huge_bytearray", b"x = bytearray(1 << 61)", None
    yield "no_utf8", b"x = '\xff\xfe'", None
    yield "bad_cookie", b"# coding: nope\nx = 1", None
    yield "latin_cookie", b"# coding: latin-1\nx = '\xe9'\nraise ValueError(x)", None
    yield "bom_and_cookie", b"\xef\xbb\xbf# coding: latin-1\nx = 1", None
    yield "nul_in_file", b"x = 1\x00", None
    yield "empty", b"", None
    yield "only_comment", b"# nothing", None
    yield "missing_file", None, ["/nope/nope.py"]
    yield "a_folder", None, [str(HERE)]
    yield "missing_module", None, ["-m", "nope_module"]
    yield "no_command", None, ["-c"]
    yield "no_module", None, ["-m"]
    yield "command_error", None, ["-c", "1/0"]
    yield "command_syntax", None, ["-c", "x = "]


def run(command, case, folder):
    name, source, arguments = case
    if arguments is None:
        path = os.path.join(folder, name + ".py")
        with open(path, "wb") as f:
            f.write(source)
        arguments = [path]
    try:
        done = subprocess.run([*command, *arguments], capture_output=True, timeout=TIMEOUT, stdin=subprocess.DEVNULL,
                              env={"PATH": "/usr/bin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"})
    except subprocess.TimeoutExpired:
        return {"exit": "timeout", "exception": ""}
    lines = [line for line in done.stderr.decode(errors="replace").splitlines() if line and not line[0].isspace() and "|" not in line[:4]]
    last = lines[-1] if lines else ""
    found = re.match(r"([A-Za-z_.]*(?:Error|Exception|Exit|Interrupt|Iteration|Group|Warning))\b", last)
    return {"exit": done.returncode, "exception": found.group(1) if found else ""}


def main():
    record = "--record" in sys.argv
    command = [REFERENCE] if record else [str(pathlib.Path(sys.argv[1]).resolve())]
    every = list(cases())
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        got = dict(zip([c[0] for c in every], pool.map(lambda c: run(command, c, folder), every)))
    answers = HERE / "answers.json"
    if record:
        answers.write_text(json.dumps(got, indent=0) + "\n")
        print(len(got), "recorded;", [n for n, a in got.items() if a["exit"] == "timeout" or (isinstance(a["exit"], int) and a["exit"] < 0)])
        return 0
    want = json.loads(answers.read_text())
    failed = 0
    known = json.loads((HERE / "known_failures.json").read_text())
    skipped = 0
    for name, answer in got.items():
        # A known difference may be in the text, never a signal or a time-out.
        if answer != want[name] and name in known and isinstance(answer["exit"], int) and answer["exit"] >= 0:
            skipped += 1
        elif answer != want[name]:
            failed += 1
            print(f"FAILED {name}: expected {want[name]}, got {answer}")
    print(f"{len(got) - failed - skipped} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
