# numeric literals in every base
print(0x1F, 0o17, 0b101, 1_000_000, 0xdead_beef, 00, 1e3, 1.5e-3, .5, 5., 1_0.0_1, 3j, 1e1j, 0_0)
print(10 ** 20, 123456789012345678901234567890, 0xffffffffffffffffffffffff)
for s in ["012", "1__0", "0x", "1_", "0b2", "0o8", "1e", "5a"]:
    try: print(eval(s))
    except SyntaxError as e: print(s, e.msg)
