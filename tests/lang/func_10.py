# lots of arguments and parameters
names = [f"a{i}" for i in range(300)]
ns = {}
exec(f"def f({', '.join(names)}): return {'+'.join(names)}", ns)
print(ns["f"](*range(300)), ns["f"](**{n: 1 for n in names}))
exec(f"def g({', '.join(n + '=1' for n in names)}): return len(locals())", ns)
print(ns["g"](), ns["g"](a299=5))
print((lambda *a, **k: (len(a), len(k)))(*range(5000), **{str(i): i for i in range(1000)}))
print(max(*range(1000)))
