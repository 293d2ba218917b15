# Case, repr, replace and the like over texts of every length, width and mixture: checksums.
import random, string
r = random.Random(5)
h = 0
out = []
for n in list(range(0, 40)) + [63, 64, 65, 100, 257]:
    for alphabet in ("abcXYZ[]`{@ 09", string.printable, "aé\xff~\x7f", "a\u0101'\"\\\n", "\U0001f600a'"):
        for _ in range(4):
            s = "".join(r.choice(alphabet) for _ in range(n))
            out.append((s.upper(), s.lower(), s.casefold(), s.swapcase(), s.title(), repr(s), ascii(s), s.replace("a", "b"), s.replace("a", "b", 2), s.replace("a", ""), s.replace("", "-"), s.replace("a", "éa"), s.replace("X", "abc", 3), s.isascii(), (s + "x").isascii(), s.ljust(n + 3, "*"), s.replace("é", "x"), s.replace("a", "\u1234"), f"{s!r:>70}", s.encode("utf-8", "replace")))
print(sum((i % 9973 + 1) * ord(c) for i, c in enumerate(repr(out))), len(out))
