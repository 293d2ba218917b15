# the format mini-language of floats
for spec in ("", ".0f", ".1f", ".3e", ".3g", "g", "e", "f", "%", ".1%", "10.2f", "<10.2f|", "^+10.1f", "010.3f", ",.2f", "_.1f", "#.0f", "#g", "G", "E", ".10", "r", "+", " ", "=+10.1f", ".0e", "n", "z.1f"):
    for v in (0.0, -0.04, 1.5, 1234567.891, 1e22, float("inf"), float("nan")):
        try: print(repr(format(v, spec)), end=" ")
        except ValueError as e: print(e, end=" ")
    print(spec)
