# compile() takes trees: parsed, changed or built by hand; what is wrong with one is said as CPython does.
import ast

tree = ast.parse("x = 1\ndef f(a, *b, c=2, **d):\n    return a + c + x\ny = f(3)\n")
space = {}
exec(compile(tree, "<tree>", "exec"), space)
print(space["y"], compile(tree, "t", "exec", ast.PyCF_ONLY_AST) is tree)


class Negate(ast.NodeTransformer):
    def visit_Constant(self, node):
        return ast.copy_location(ast.UnaryOp(ast.USub(), node), node) if isinstance(node.value, int) else node


changed = ast.fix_missing_locations(Negate().visit(ast.parse("[1, 2.5, 'a', 10 ** 30, (3, 4)]", mode="eval")))
print(eval(compile(changed, "<c>", "eval")), ast.unparse(changed))

source = open(ast.__file__).read()
for text in (source, "match x:\n case {'a': [1, *r], **k} | C(2, n=-1+2j) if r: pass\n case None | _: pass\n",
             "async def f():\n  async for a in b: await a\n  async with c as d: yield (x := 1)\n",
             "try: pass\nexcept* E as e: pass\nelse: pass\nfinally: pass\n", "@d\nclass C(B, m=1): a: int = 1\n",
             "global g\nx[1:2, ...] += lambda a, /, b=1, *, c: f'{a!r:>{b}}'\ndel x.y, z\nassert not a, b\n",
             "from . import a as b\nfrom ..c import *\nimport d.e\nraise X from Y\nwith a as (b, c), d: break\n",
             "{**a, 1: 2}; {*b, 1}; [i for i in a if b async for c in d]; x if y else z; a < b <= c; not -x\n"):
    tree = ast.parse(text)
    try:
        compile(tree, "t", "exec")
        print("compiles")
    except SyntaxError as e:
        print(e.msg, e.lineno, e.offset)
    print(ast.dump(tree) == ast.dump(ast.parse(ast.unparse(tree))))


def tell(node, mode="eval"):
    try:
        print(repr(eval(compile(node, "<n>", mode))))
    except (TypeError, ValueError, SyntaxError, RecursionError, OverflowError, SystemError) as e:
        print(type(e).__name__, e)


def expr(node):
    tell(ast.fix_missing_locations(ast.Expression(node)))


C, N, L, S = ast.Constant, ast.Name, ast.Load(), ast.Store()
for value in (None, ..., True, -5, 2 ** 80, -(2 ** 80), 1.5, 2j, "é\udc80", b"\xff", (1, ("a",)), frozenset([7]), [1], (1, [2]), type("I", (int,), {})(3)):
    expr(C(value))
expr(N("None", L))
expr(N("x", S))
expr(N(5, L))
expr(ast.BinOp(C(1), ast.Add(), None))
expr(ast.BinOp(C(1), "plus", C(3)))
expr(ast.BinOp(C(1)))
expr(ast.BoolOp(ast.And(), [C(1)]))
expr(ast.Compare(C(1), [ast.Lt()], []))
expr(ast.Compare(C(1), [], [C(2)]))
expr(ast.Dict([C(1)], []))
expr(ast.Dict([None], [ast.Dict([C(1)], [C(2)])]))
expr(ast.List([None], L))
expr(ast.List((C(1),), L))
expr(ast.ListComp(C(1), []))
expr(ast.Call(N("len", L), [C("abc")], []))
expr(ast.Lambda(ast.arguments([], [], None, [], [C(1)], None, []), C(1)))
expr(ast.JoinedStr([C("a"), ast.FormattedValue(C(5), -1, None), ast.FormattedValue(C("q"), 114, ast.JoinedStr([C(">5")]))]))
expr(ast.Yield())
expr(ast.Starred(C(1), L))
tell(ast.Expression(C(1)))
tell(ast.Module([], []))
tell(ast.Module([ast.Pass()], []), "exec")
tell(ast.Module(5, []), "exec")
tell(5)
tell(ast.Expression(ast.Constant(1, lineno=1, col_offset=0)))
tell(ast.Expression(ast.Constant(1, lineno=3, col_offset=0, end_lineno=2)))
tell(ast.Expression(ast.Constant(1, lineno="3", col_offset=0)))
tell(ast.Expression(ast.Constant(1, lineno=2 ** 40, col_offset=0)))


def stmt(node):
    tell(ast.fix_missing_locations(ast.Module([node], [])), "exec")


stmt(ast.If(C(1), [], []))
stmt(ast.Delete([]))
stmt(ast.Assign([N("x", L)], C(1)))
stmt(ast.Assign([C(1)], C(1)))
stmt(ast.AnnAssign(ast.Attribute(N("x", L), "y", S), N("int", L), None, 1))
stmt(ast.Raise(None, C(1)))
stmt(ast.Try([ast.Pass()], [], [], []))
stmt(ast.Try([ast.Pass()], [], [ast.Pass()], [ast.Pass()]))
stmt(ast.ImportFrom(None, [ast.alias("x")], -1))
stmt(ast.ImportFrom(None, [], 0))
stmt(ast.Global([]))
stmt(ast.Return(C(1)))
stmt(ast.Break())
stmt(ast.With([], [ast.Pass()]))
stmt(ast.Match(C(1), [ast.match_case(ast.MatchOr([ast.MatchAs()]), None, [ast.Pass()])]))
stmt(ast.Match(C(1), [ast.match_case(ast.MatchStar("x"), None, [ast.Pass()])]))
stmt(ast.Match(C(1), [ast.match_case(ast.MatchValue(N("x", L)), None, [ast.Pass()])]))
stmt(ast.Match(C(1), [ast.match_case(ast.MatchSingleton(1), None, [ast.Pass()])]))

deep = C(1)
for _ in range(5000):
    deep = ast.UnaryOp(ast.USub(), deep, lineno=1, col_offset=0)
deep.operand.lineno = 1
try:
    compile(ast.Expression(deep), "t", "eval")
except RecursionError as e:
    print("RecursionError")
loop = ast.UnaryOp(ast.USub(), lineno=1, col_offset=0)
loop.operand = loop
try:
    compile(ast.Expression(loop), "t", "eval")
except RecursionError as e:
    print(e)
