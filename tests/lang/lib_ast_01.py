# ast.parse, unittest and json together: trees as objects, in detail for whole modules of the library
import ast, dataclasses, typing, json, inspect, unittest, re
src=open(inspect.__file__.replace('inspect', 'argparse')).read()+'\nmatch x:\n  case [1,*a,{"k":v,**r}] if a: pass\n  case A(b,c=2)|None as z: ...\nasync def f(*a:int,b=1,**k)->"x": return f"{a!r:>{3}} b" u"z"\n'
import sys
d=ast.dump(ast.parse(src.replace('u"z"','')),include_attributes=True)
print(len(d), sum(map(ord, d)), sum(i * ord(c) for i, c in enumerate(d)) % 1000003)
print(ast.literal_eval('[1,2.5,(3,-4),{"a":b"x"},{1},None,True,1+2j,'+'9'*30+']'))
print(ast.unparse(ast.parse('x = [i**2 for i in y if i]\nif 1: pass')))
print(ast.dump(ast.parse('u"x"; a.b[1:2]', mode='exec'), indent=1))
for bad in ('x =', 'f('):
    try: ast.parse(bad)
    except SyntaxError as e: print(e)
print(json.loads('{"a":[1,2.5,"x\\u00e9\\ud83d\\ude00\\n",null,true]}'), json.dumps({"a":[1,"é\n\"",None]}), json.dumps("é😀\x7f"), json.dumps("é😀\x1f\x7f",ensure_ascii=False))
try: ast.Name(1,2,3)
except TypeError as e: print(e)
n=ast.Name('a',ctx=ast.Load()); print(n._fields, n.id, isinstance(n, ast.expr))
import pickle, copy
print(ast.dump(pickle.loads(pickle.dumps(ast.parse('a+1')))), ast.dump(copy.deepcopy(ast.parse('a+1'))))
class T(unittest.TestCase):
    def test_a(self): self.assertEqual(1,1)
    def test_b(self): self.assertRegex('abc','b')
r=unittest.TextTestRunner(stream=open('/dev/null','w')).run(unittest.defaultTestLoader.loadTestsFromTestCase(T)); print(r)
print(inspect.signature(json.dumps))
