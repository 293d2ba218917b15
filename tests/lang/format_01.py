# the format mini-language of integers
for spec in ("", "d", "5", "<5", ">5", "^5", "=5", "05", "+", "-", " ", "x", "X", "#x", "#X", "b", "#b", "o", "#o", ",", "_", "_x", "+,d", "*^10d", "#010x", "c", "e", ".2f", "%", "g", "n", "08,", "0=8", "x=+8,d"):
    print(spec, [format(v, spec) if not (spec == "c" and not 0 <= v < 1000) else "-" for v in (0, 65, -42, 1234567)])
for spec in (".2d", "q", "5.5", ",x", ",_", "s", "+c", ",c", "#c", "10000000000000000000000d", "<<<", "05.3q", "z"):
    try: print(format(5, spec))
    except ValueError as e: print(spec, e)
