# f-strings: conversions, specs, nesting and self-documentation
x, name, w = 3.14159, "Bob", 10
print(f"{x:.2f} {name!r} {name:>{w}} {x:{w}.{2}f}|{'nested'!s:^12}|{{}} {x=} {x = } {name=!s} {x=:.1f} {1+1=}")
print(f"{'a' if x else 'b'} {[i for i in range(3)]} {(lambda: 5)()} {dict(a=1)['a']} {x!a:<5}" f" joined {name}" " plain")
print(f"{'''triple'''} {1,2} {x:{'>'}{10}} {'{'} {0x10:#x} {True:d} {None} {...}")
print(f'{name!r:*^{w + 2}}', rf"\{name}", F"{name}", f"{ 5 }", f"""
{name}
""")
for src in ["f'{'", "f'}'", "f'{}'", "f'{x!z}'", "f'{x:{y:{z}}}'", "f'{a b}'", "f'{#}'", "f'{x!}'", "f'{\\\\n}'", "f'{*a}'", "f'{lambda x: 1}'"]:
    try: compile(src, "f", "eval")
    except SyntaxError as e: print(src, "|", e.msg)
    else: print("fine", src)
