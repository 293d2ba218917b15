"""Broken sources made by random edits of the installed library, with CPython's answers.

usage: fuzz_errors.py SEED COUNT OUTPUT; then run the corpus check of the unit tests on OUTPUT.
"""
import random,sys,glob,io,tokenize,warnings
sys.path.insert(0, __file__.rsplit('/', 1)[0])
import record_errors as r
warnings.simplefilter('ignore')
random.seed(int(sys.argv[1])); n=int(sys.argv[2])
files=[f for f in glob.glob('/usr/lib/python3.11/*.py')+glob.glob('/usr/lib/python3.11/test/test_*.py')]
toks=['(',')','[',']','{','}',':',',','=','==','.',';','*','**','->',':=','+=','if','else','for','in','not','lambda','await','async','yield','return','print','x','1','"a"',"'", '@','match','case','as','except','try','\n','    ','\t','\\','$','def','class','import','from','global','with','f"{x}"','None','...','!','is','and','0x','1_','del','raise','assert','while','pass','finally','elif',"f'{'","'''"]
out=open(sys.argv[3],'w')
import ast
cnt=0
while cnt<n:
    f=random.choice(files)
    try: src=open(f).read()
    except Exception: continue
    lines=src.split('\n')
    try: tree=ast.parse(src)
    except Exception: continue
    nodes=[x for x in ast.walk(tree) if isinstance(x,(ast.FunctionDef,ast.AsyncFunctionDef,ast.If,ast.For,ast.Try,ast.With,ast.Assign,ast.Expr,ast.Match,ast.ClassDef)) and x.end_lineno-x.lineno<25]
    if not nodes: continue
    for _ in range(10):
        x=random.choice(nodes)
        ind=x.col_offset
        seg='\n'.join(l[ind:] if l[:ind].strip()=='' else l for l in lines[x.lineno-1:x.end_lineno])+'\n'
        for _ in range(random.choice([1,1,1,2])):
            try: tk=[t for t in tokenize.generate_tokens(io.StringIO(seg).readline) if t.string.strip()]
            except Exception: break
            if not tk: break
            t=random.choice(tk)
            ls=seg.split('\n')
            pos=sum(len(l)+1 for l in ls[:t.start[0]-1])+t.start[1]
            end=sum(len(l)+1 for l in ls[:t.end[0]-1])+t.end[1]
            k=random.random()
            if k<.35: seg=seg[:pos]+seg[end:]
            elif k<.7: seg=seg[:pos]+random.choice(toks)+random.choice(['',' '])+seg[pos:]
            elif k<.85: seg=seg[:pos]+random.choice(toks)+seg[end:]
            else: seg=seg[:pos]+seg[pos:end]+' '+seg[pos:end]+seg[end:]
        a=r.answer(seg)
        if a=='ok' or len(seg)>2500: continue
        out.write('> '+r.escape(seg)+'\n= '+a+'\n'); cnt+=1
