# the format mini-language of strings and other types
for spec in ("", "s", "5", "<5", ">5", "^6", "*^7", ".2", "5.1", "\u20ac>4", "05", "=5", "d", "+", ",", "#", " ", "c", ".s"):
    try: print(repr(spec), repr(format("abc", spec)))
    except ValueError as e: print(spec, e)
print(format(True), format(True, "d"), format(True, "5"), format(1 + 2j, ".1f"), format(1j, ">8"), format(None), format(3 + 0j, "g"))
for v in (None, [], object, 1j):
    try: print(format(v, "05d"))
    except (TypeError, ValueError) as e: print(e)
