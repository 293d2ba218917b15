# re: every construct of the language, over texts of all widths, in all calls
import copy
import pickle
import re


def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


texts = ["", "a", "abcabc", "aaaab", "xay\nbz\n", "foo.bar_9 12", "Straße ſK ÀÉ", "日本語 text", "😀a😀b", "aXbxA", "((a)(b))", "-1.5e10 +2"]
patterns = [
    "", "a", "abc", "a*", "a+", "a?", "a*?b", "a+?", "a{2}", "a{2,3}", "a{,2}", "a{2,}?", "a++b", "a*+", "(?>a+)b", "(?>a|ab)c",
    "(a|b)*", "(?:a|b)+c", "(a)|(b)", "(a(b)?)+", "(?P<x>a)(?P=x)", r"(a)\1", "(?i)A", "(?i:a)X", "(?i)straSSe|ſk", "(?i)[à-é]+",
    "^a", "a$", r"\Aa", r"b\Z", "(?m)^.", "(?m).$", r"\b\w", r"\B\w", "(?a)\\w+", r"\w+", r"\W+", r"\d+", r"\D+", r"\s", r"\S+",
    ".", "(?s).+", "[abc]", "[^abc]+", "[a-c0-9]+", "[^\\d\\s]+", "[]a]", "[日-語]+", "[😀-😂]", "[^😀]+", "[\\u0100-\\uffff]",
    "(?=a)", "(?!a).", "(?<=a)b", "(?<!a)b", "(?<=ab)c", "(a)?(?(1)b|c)", "(?(1)b|a)(.)?" if False else "(a)?b(?(1)c|x)",
    "(?:ab){2}", "(?:a|b){2,3}?c", "(?:a*)*", "(?:a*?)*?$", "(?:a?){3}", "((a*)b)*", "(?:(?:a)+b?)+", "x*", "(?x) a # c\n b",
    "foo|bar|_9", r"\.", "(?:|a)+", "(.)(.)(.)", "(a+)(a*)", "(?:ab)++c", "(?:ab){1,2}+a", "((?:a|b)*?)c", r"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?",
]
for p in patterns:
    c = re.compile(p)
    for t in texts:
        m = c.search(t)
        row = [m and (m.span(), m.groups(), m.lastindex, m.regs)]
        row.append([x.span() for x in c.finditer(t)])
        row.append(c.findall(t))
        row.append(c.split(t, 2))
        row.append(c.subn("<\\g<0>>", t))
        row.append([bool(c.match(t)), bool(c.fullmatch(t))])
        print(repr(p), repr(t), row)
for p in (b"a+", b"[^a]", b"(?i)A", b"(?L)\\w+", b"(?Li)[a-z]+", rb"\d|\s", b"(?s).*", b"(b)?a"):
    for t in (b"", b"aab", b"xAy 9\n", bytearray(b"aab"), memoryview(b"aab")):
        c = re.compile(p)
        print(p, bytes(t), c.findall(t), c.sub(b"-", t), c.split(t), c.flags)
m = re.match("(?P<first>a)(?P<last>b)?(c)?", "abx", 0)
print(m, m.group(), m.group(1, "last"), m["first"], m[3], m.groups("?"), m.groupdict(), m.groupdict(0), m.start("last"), m.end(3), m.span(3))
print(m.lastgroup, m.lastindex, m.pos, m.endpos, m.re, m.string, m.expand(r"\1-\g<last>\n\\"), copy.copy(m) is m, copy.deepcopy(m) is m)
p = re.compile("a(b)", re.I | re.X)
print(p, p.flags, p.groups, dict(p.groupindex), p.pattern, pickle.loads(pickle.dumps(p)) == p, p == re.compile("a(b)", re.I), hash(p) == hash(re.compile("a(b)", re.I | re.X)))
print(p.search("xxABab", 3).span(), p.search("xxABab", 3, 5), p.match("xab", 1), re.compile("^a").search("ba", 1), re.compile("(?<=b)a").search("ba", 1), re.compile("a$").search("ab", 0, 1))
print(re.sub("(a)(b)?", lambda m: m.group(1).upper() + (m[2] or "-"), "abaab"), re.sub("a", r"\\", "aa"), re.sub("x*", "-", "abxd"), re.sub("(?P<n>a)", r"\g<n>\g<1>\1", "ba"))
print(re.split("", "abc"), re.split("x*", "axbc"), re.split("(-)|(,)", "a-b,c"), re.escape("a.b[c]-d e"), re.findall("(a)(b)?", "aab"))
s = re.compile("a|(b)").scanner("abca")
print([s.match() and s.pattern.pattern for _ in range(2)], s.match(), s.match(), [x.group() for x in iter(re.compile("a|(b)").scanner("abca").search, None)])
print(len(re.match("(?:a|b)*", "ab" * 200000)[0]), len(re.match("(?:a|b)*?$", "ab" * 20000)[0]), re.match("(?:(?:a|b)c?)*d", "ab" * 10000), len(re.findall("(?=(a+))", "a" * 300)))
print(re.search("(?:x+x+)+y", "x" * 14), re.search("abc", "ab" * 50000 + "abc").span(), re.search("[xyz]q", "x" * 9999 + "zq").span())
print(re.compile("(?i)ſ").findall("sSſ"), re.compile("(?i)K").findall("kKK"), re.compile("(?ia)k").findall("kKK"), re.compile("(?i)[k-l]").findall("kKKL"), re.fullmatch("(?i)(ß)\\1", "ßẞ"), re.findall("(?i)İ|ı", "iIİı"))
print(re.Scanner([(r"\d+", lambda s, t: int(t)), (r"\w+", lambda s, t: t), (r"\s+", None)]).scan("12 ab 3!"))
for bad in ("(", "a)", "*a", "a**", "[", "[b-a]", "(?P<1>a)", "(?P<a>.)(?P<a>.)", "(?<=a*)b", r"\1", "(?P=x)", "(?z)", "a{3,2}", "\\", r"\q", "(?i", "(?(2)a)", "a(?i)b"):
    err(lambda: re.compile(bad))
err(lambda: m.group(4))
err(lambda: m.group("zz"))
err(lambda: m["x"])
err(lambda: m.start(-1))
err(lambda: p.match(5))
err(lambda: p.match(b"a"))
err(lambda: re.match(b"a", "a"))
err(lambda: p.sub("x", b"a"))
err(lambda: re.sub("a", r"\2", "a"))
err(lambda: re.sub("a", r"\g<zz>", "a"))
err(lambda: re.sub("a", lambda m: 1, "a"))
err(lambda: re.sub("a", r"\q", "a"))
err(lambda: p.match())
err(lambda: p.match("a", x=1))
err(lambda: p.search("a", "b"))
err(lambda: type(p)())
err(lambda: pickle.dumps(m))
err(lambda: p < p)
err(lambda: re.compile(5))
err(lambda: re.compile(p, re.I))
