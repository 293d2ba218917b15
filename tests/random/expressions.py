"""Random expressions of a wanted type, from templates.

A template is Python text with holes:
  <int> <float> ...  an expression of that type        <=int>   a variable of that type (a leaf if there is none)
  <x>                a name bound by a comprehension   <int@str>  an int expression that may use <x> as a str
  <n>                a small literal                   <i>      one of a few ints, small to beyond the machine word
Types: int float bool str ints floats strs anys (lists) pair (two ints) dii dsi (dicts) iset any, obj:CLASS.
Expressions of a type other than `any` seldom raise, so that loops run on; what a statement stores is bounded by
the statement (statements.py), so that nothing here need care about growth.
"""
import re

HOLE = re.compile(r"<(=?\w+(?:@\w+)?)>")
ATOM = re.compile(r"[\w.]+|\w+\([^()]*\)|\[[^][]*\]")

INTS = ["0", "1", "2", "3", "5", "7", "-1", "-2", "10", "31", "64", "100", "255", "1023", "65537", "(1 << 31)", "(1 << 31) - 1",
        "-(1 << 31)", "(1 << 61)", "(1 << 62) - 1", "(1 << 62)", "-(1 << 62)", "(1 << 63) - 1", "-(1 << 63)", "(1 << 64)",
        "10 ** 20", "-(10 ** 25)"]
FLOATS = ["0.0", "-0.0", "1.0", "0.5", "-1.5", "2.25", "3.0", "1e10", "-1e-9", "0.1", "1e308", "INF", "7.75", "1e16", "-2.0"]
STRS = ["''", "'a'", "'abc'", "'x-y'", "'Hello, World'", "'aab'", "'9'", "'-17'", "'\\xe9t\\xe9'", "'\\u20ac5'", "'b,c,,d'",
        "' pad '", "'\\U0001f600'"]

TEMPLATES = {
    "int": [
        (6, "<int> + <int>"), (5, "<int> - <int>"), (4, "<int> * <int>"), (2, "<int> // (<int> | 1)"),
        (2, "<int> % (<int> | 1)"), (1, "<int> // <n7>"), (2, "<int> % <n7>"), (2, "<int> & <int>"), (1, "<int> | <int>"),
        (2, "<int> ^ <int>"), (1, "<int> << (<int> & 7)"), (1, "<int> << <n>"), (2, "<int> >> (<int> & 15)"), (1, "~<int>"),
        (1, "-<int>"), (1, "abs(<int>)"), (1, "<int> ** <n>"), (1, "divmod(<int>, <int> | 1)[<b>]"),
        (1, "pow(<int>, <n>, <n7>)"), (2, "<int> if <bool> else <int>"), (1, "min(<int>, <int>)"),
        (1, "max(<int>, <int>, <int>)"), (1, "len(<ints>)"), (1, "len(<str>)"), (1, "sum(<ints>)"), (1, "sum(<pair>)"),
        (2, "(<=ints> or [<i>])[<n>:][-1:].count(<int>)"), (2, "<=pair>[<b>]"), (2, "<=dii>.get(<int> & 15, <int>)"),
        (1, "<=dsi>.get(<str>[:2], <n>)"), (1, "len(<iset> & <iset>)"), (1, "<int> + <bool>"), (1, "<bool> * <int>"),
        (1, "int(<bool>)"), (1, "(<int> or <int>)"), (1, "(<int> and <int>)"), (1, "ord((<str> or 'q')[0])"),
        (1, "<str>.find(<str>)"), (1, "<str>.count('a')"), (1, "(<int>).bit_length()"), (1, "math.gcd(<int>, <int>)"),
        (1, "int(str(<int> % 9973))"), (1, "hash(<int> & 0xffff)"), (1, "max(<ints>, default=<n>)"),
        (1, "sum(<int@int> for <x> in <ints>)"), (1, "sum([<int@int> for <x> in range(<n>)])"),
        (1, "(lambda <x>, k=<n>: <int@int> - k)(<int>)"), (1, "int(lim(<int>) / 3)"), (1, "round(<=float> % 97.0) if abs(<=float>) < 1e9 else <n>"),
        (1, "len([1 for <x> in <strs> if <bool@str>])"), (1, "math.isqrt(abs(<int>))"),
        (1, "sum(a * b for a, b in zip(<ints>, <ints>))"), (1, "sum(i ^ v for i, v in enumerate(<ints>))"),
        (1, "sum(<=dii>.values())"), (1, "sum(k for k in <=dii>)"), (1, "[*<ints>, <int>][-1]"), (1, "int.from_bytes(b'\\x01\\xfe', 'big') + <int>"),
    ],
    "float": [
        (5, "<float> + <float>"), (4, "<float> - <float>"), (5, "<float> * <float>"), (2, "<float> / (<float> or 1.0)"),
        (2, "<int> / (<int> | 1)"), (1, "float(lim(<int>))"), (1, "-<float>"), (1, "abs(<float>)"), (1, "<float> % (<float> or 2.5)"),
        (1, "<float> // (<float> or 0.5)"), (1, "trim(<float>) ** 2"), (2, "<float> * lim(<int>)"), (1, "lim(<int>) - <float>"),
        (1, "<float> if <bool> else <float>"), (1, "min(<float>, <float>)"), (1, "max(<float>, <float>)"),
        (1, "sum(<floats>, 0.0)"), (1, "round(<float>, <n>)"), (1, "math.sqrt(abs(<float>))"), (1, "sum(<float@float> for <x> in <floats>)"),
        (1, "math.floor(trim(<float>)) + <float>"), (1, "float(repr(<float>))"), (1, "<float> + <bool>"), (1, "(<float> or <float>)"),
        (1, "math.copysign(<float>, <float>)"), (1, "(lambda <x>: <float@float>)(<float>)"), (1, "(<floats> or [<float>])[0]"),
        (1, "math.fmod(trim(<float>), 3.5)"), (1, "1e300 * <float>"), (1, "<float> ** 0.5 if <=float> > 0 else <float>"),
    ],
    "bool": [
        (3, "<int> < <int>"), (2, "<int> <= <int>"), (2, "<int> == <int>"), (1, "<int> != <int>"), (2, "<int> > <int>"),
        (2, "<float> < <float>"), (1, "<float> == <float>"), (1, "<float> >= <float>"), (1, "<int> < <float>"), (1, "<float> == <int>"),
        (2, "<int> % <n7> == <n>"), (2, "<n> <= <int> % 11 < <n7>"), (1, "<int> < <int> <= <int> != <int>"), (1, "<str> == <str>"),
        (1, "<str> < <str>"), (1, "<str> in <str>"), (1, "<int> in <ints>"), (1, "<int> not in <iset>"), (1, "<int> & 15 in <=dii>"),
        (2, "not <bool>"), (2, "<bool> and <bool>"), (2, "<bool> or <bool>"), (1, "<bool> ^ <bool>"), (1, "<any> is None"),
        (1, "isinstance(<any>, int)"), (1, "isinstance(<any>, (str, float))"), (1, "type(<any>) is bool"), (1, "<any> is not None"),
        (1, "<ints> == <ints>"), (1, "<ints> < <ints>"), (1, "<pair> < <pair>"), (1, "bool(<any>)"), (1, "<str>.startswith(<str>)"),
        (1, "all(<bool@int> for <x> in <ints>)"), (1, "any(<bool@int> for <x> in <ints>)"), (1, "<str>.isdigit()"),
        (1, "<iset> <= <iset>"), (1, "<bool> if <bool> else <bool>"), (1, "callable(<any>)"), (1, "1 < 2 < <int>"),
    ],
    "str": [
        (4, "<str> + <str>"), (3, "str(<int>)"), (2, "repr(<float>)"), (1, "<str>[<n>:]"), (1, "<str>[:-<n1>]"), (1, "<str>[::-1]"),
        (1, "<str>[<n>:<n7>:2]"), (2, "f'{<=int>}:{<=str>}'"), (1, "f'{<=int>:>6d}|{<=float>:.3f}'"), (1, "f'{<=float>:g}{<=int> % 100:02x}'"),
        (1, "f'{<=str>!r:>8}{<=int>:+d}'"), (1, "f'{<=int> & 0xfff:#x}{<=bool>}'"), (1, "'%d;%s' % (<int>, <str>)"), (1, "'%5.2f%%' % (<float>,)"),
        (1, "'{:>5}|{:<4}|{k}'.format(<int> % 1000, <str>[:4], k=<int>)"), (1, "<str>.upper()"), (1, "<str>.replace('a', <str>[:3])"),
        (1, "<str> * <n>"), (1, "','.join(<strs>)"), (1, "''.join([<str@int> for <x> in <ints>])"), (1, "chr(97 + <int> % 26)"),
        (1, "<str>.strip()"), (1, "<str>.zfill(<n7>)"), (1, "hex(<int> & 0xffff)"), (1, "bin(<int> & 31)"), (1, "<str> if <bool> else <str>"),
        (1, "(<str> or <str>)"), (1, "<str>.title()"), (1, "<str>.center(<n7>, '*')"), (1, "min(<str>, <str>)"), (1, "(<strs> or [<str>])[0]"),
        (1, "''.join(sorted(<str>))"), (1, "<str>.split(',')[-1]"), (1, "<str>.partition('-')[0]"), (1, "str(<any>)[:9]"), (1, "type(<any>).__name__"),
        (1, "'|'.join(str(<x>) for <x> in <pair>)"), (1, "''.join(reversed(<str>))"), (1, "<str>.encode().hex()[:8]"),
    ],
    "ints": [
        (3, "[<int>, <int>, <int>]"), (1, "[<int>] * <n>"), (2, "list(range(<n>, <n7> * 3, <n1>))"), (1, "<ints>[:20] + <ints>[:10]"),
        (2, "[<int@int> for <x> in <ints>]"), (2, "[<int@int> for <x> in range(<n7>)]"), (2, "[<x> for <x> in <ints> if <bool@int>]"),
        (1, "sorted(<ints>)"), (1, "sorted(<ints>, key=lambda <x>: <int@int> % 17, reverse=True)"), (1, "<ints>[::-1]"), (1, "<ints>[<n>:<n7>]"),
        (1, "<ints>[-<n1>:]"), (1, "list(map(lambda <x>: <int@int>, <ints>))"), (1, "list(filter(lambda <x>: <bool@int>, <ints>))"),
        (1, "list(reversed(<ints>))"), (1, "[*<ints>, <int>, *<pair>]"), (1, "list(<pair>)"), (1, "sorted(<iset>)"), (1, "list(<=dii>)"),
        (1, "[len(<x>) for <x> in <strs>]"), (1, "[a + b for a in <ints>[:4] for b in <ints>[:3] if a != b]"), (1, "(<ints> or <ints>)"),
        (1, "[ord(<x>) for <x> in <str>]"), (1, "[a - b for a, b in zip(<ints>, <ints>)]"), (1, "<ints> if <bool> else <ints>"),
        (1, "[i * v for i, v in enumerate(<ints>)]"), (1, "list(<ints>)"), (1, "[v for k, v in sorted(<=dii>.items())]"),
    ],
    "floats": [
        (2, "[<float>, <float>]"), (2, "[<float@float> for <x> in <floats>]"), (2, "[<float@int> for <x> in range(<n7>)]"),
        (1, "<floats>[:15] + <floats>[:9]"), (1, "<floats>[::2]"), (1, "[float(lim(<x>)) for <x> in <ints>]"), (1, "[<float>] * <n>"),
        (1, "list(map(abs, <floats>))"), (1, "[<x> * 0.5 for <x> in <floats> if <bool@float>]"),
    ],
    "strs": [
        (2, "[<str>, <str>]"), (2, "<str>.split(',')"), (1, "sorted(<strs>)"), (1, "sorted(<strs>, key=len)"), (1, "[<str@str> for <x> in <strs>]"),
        (1, "[str(<x>) for <x> in <ints>]"), (1, "list(<str>)"), (1, "<strs>[:8] + [<str>]"), (1, "<strs>[::-1]"), (1, "[<x>.upper() for <x> in <strs> if <x>]"),
    ],
    "anys": [
        (3, "[<scalar>, <scalar>, <scalar>]"), (1, "<anys>[:9] + [<scalar>]"), (1, "list(<ints>)"), (1, "<anys>[::-1]"), (1, "[<scalar@int> for <x> in range(<n>)]"),
        (1, "[<scalar>] * <n>"), (1, "[<x> for <x> in <anys> if type(<x>) is int]"),
    ],
    "pair": [
        (3, "(<int>, <int>)"), (1, "<pair>[::-1]"), (1, "divmod(<int>, <int> | 1)"), (1, "<pair> if <bool> else <pair>"), (1, "tuple([<int>, <int>])"),
        (1, "min(<pair>, <pair>)"), (1, "(<=pair>[1], <int>)"), (1, "(*<pair>,)"),
    ],
    "dii": [
        (2, "{<int> & 15: <int>, <int> & 7: <int>}"), (1, "{<x>: <int@int> for <x> in range(<n7>)}"), (1, "dict(enumerate(<ints>))"),
        (1, "{**<dii>, <n>: <int>}"), (1, "{k & 15: v for k, v in <=dii>.items()}"), (1, "dict(zip(<ints>, <ints>))"), (1, "dict(<=dii>)"), (1, "<=dii> | {<n>: <int>}"),
    ],
    "dsi": [
        (2, "{<str>[:2]: <int>, 'k': <int>}"), (1, "{<x>: len(<x>) for <x> in <strs>}"), (1, "dict(a=<int>, b=<int>)"), (1, "{**<dsi>, 'z': <int>}"),
        (1, "{str(k): v for k, v in <dii>.items()}"),
    ],
    "iset": [
        (2, "{<int>, <int>, <n>}"), (1, "set(<ints>)"), (1, "{<int@int> for <x> in <ints>}"), (1, "<iset> | <iset>"), (1, "<iset> & <iset>"),
        (1, "<iset> - <iset>"), (1, "<iset> ^ {<int>}"), (1, "set(range(<n7>))"), (1, "set(<=dii>)"),
    ],
    "scalar": [(3, "<int>"), (2, "trim(<float>)"), (2, "<str>[:12]"), (1, "None"), (1, "<bool>")],
    "any": [
        (4, "<scalar>"), (1, "<ints>"), (1, "<pair>"), (1, "(<any> if <bool> else <any>)"), (1, "(<any> or <any>)"), (1, "(<any> and <any>)"),
        (1, "(1, 2.5, 'a', None, True, (1, 2), [3])[<int> % 7]"), (1, "(<=anys> or [0])[0]"),
    ],
}

# Operations on values whose types are not known: may raise TypeError and the like; the statement catches.
UNTYPED = [
    "<any> + <any>", "<any> - <any>", "<any> * <small>", "<any> // <any>", "<any> % <any>", "<any> / <any>", "<any> & <any>", "<any> | <any>",
    "<any> << <n>", "-<any>", "<any>[<n>]", "<any>[<n>:]", "len(<any>)", "int(<any>)", "float(<any>)", "str(<any>)", "<any> < <any>", "<any> == <any>",
    "<any> in <any>", "abs(<any>)", "[<any> for <x> in <any>]", "(<any>).foo", "(<any>).upper()", "round(<any>)", "sum(<any>)", "min(<any>, <any>)", "<any>()",
    "<any> if <any> else <any>", "not <any>", "'%d' % <any>", "f'{<=any>:d}'", "divmod(<any>, <any>)", "{<any>: 1}", "<any> ^ <any>", "sorted(<any>)[0]",
    "tuple(<any>)", "range(<any>)", "isinstance(<any>, <any>)", "chr(<any>)", "<any> >= <any>", "next(iter(<any>))", "bool(<any>) + <any>",
]

LEAVES = {
    "ints": ["[]", "[1, 2, 3]", "[7]"], "floats": ["[]", "[0.5, -1.5]"], "strs": ["[]", "['a', 'bc']"], "anys": ["[]", "[1, 'a', None]"],
    "pair": ["(1, 2)", "(0, -5)"], "dii": ["{}", "{1: 2, 3: 4}"], "dsi": ["{}", "{'a': 1}"], "iset": ["set()", "{1, 2, 3}"],
    "bool": ["True", "False"], "any": ["None", "1", "2.5", "'s'", "()", "[]", "True"], "scalar": ["None", "3", "0.25", "'t'", "True"],
}

# Made from an int variable where there is no variable of the kind: a constant would tell less.
DERIVED = {
    "float": ["(? & 0xffff) * 0.5", "(? % 1001) / 7", "float(? & 255)"], "str": ["str(? & 0xfff)", "chr(97 + ? % 26)", "'ab' * (? & 3)"],
    "bool": ["? > 3", "(? & 1 == 0)", "bool(? & 2)"], "ints": ["[? & 255, ? % 7, 1]", "[? & 0xffff] * 2"], "floats": ["[(? & 255) / 2, 0.5]"],
    "strs": ["[str(? & 255), 'b']"], "anys": ["[? & 7, 'u', None]"], "pair": ["(? & 1023, 3)", "divmod(? & 0xffff, 10)"], "dii": ["{? & 7: 1, 9: ? & 255}"],
    "dsi": ["{str(? & 3): 1}"], "iset": ["{? & 7, ? & 15, 2}"], "any": ["(? & 255)", "(?, 'v', 1.5)[? % 3]"], "scalar": ["(? & 0xff)"],
}


class Expressions:
    """Mixed into the generator, which owns the random source `r` and the variables in scope."""

    def choose_templates(self):
        """Every program prefers some templates and does without others: bugs hide in unlikely mixtures."""
        self.tables = {}
        for kind, rows in TEMPLATES.items():
            factors = [self.r.choice((0, 1, 1, 1, 4)) for _ in rows]
            if not any(factors):
                factors[0] = 1
            self.tables[kind] = ([t for _, t in rows], [w * f for (w, _), f in zip(rows, factors)])

    def literal(self, kind):
        r = self.r
        if kind == "int":
            return r.choice(INTS) if r.random() < 0.4 else str(r.randrange(-20, 100))
        if kind == "float":
            return r.choice(FLOATS) if r.random() < 0.4 else repr(round(r.uniform(-50, 50), 2))
        if kind == "str":
            return r.choice(STRS)
        if kind.startswith("obj:"):
            return self.new_object(kind[4:])
        return r.choice(LEAVES[kind])

    def leaf(self, kind):
        names = self.names(kind)
        if names and self.r.random() < 0.85:
            return self.r.choice(names)
        if not names and kind in DERIVED and self.r.random() < 0.7:
            ints = self.names("int")
            if ints:
                return self.r.choice(DERIVED[kind]).replace("?", self.r.choice(ints))
        return self.literal(kind)

    def expression(self, kind, depth):
        r = self.r
        if depth <= 0 or r.random() < 0.12:
            return self.leaf(kind)
        if r.random() < 0.25:
            called = self.call(kind, depth - 1)
            if called is not None:
                return called
        if kind.startswith("obj:"):
            return self.leaf(kind)
        templates, weights = self.tables[kind]
        return self.fill(r.choices(templates, weights)[0], depth - 1)

    def fill(self, template, depth):
        bound = self.fresh("x") if "<x>" in template else None

        def hole(match):
            what = match.group(1)
            if what == "x":
                return bound
            if what == "n":
                return str(self.r.randrange(0, 5))
            if what == "n1":
                return str(self.r.randrange(1, 4))
            if what == "n7":
                return str(self.r.randrange(3, 12))
            if what == "b":
                return self.r.choice("01")
            if what == "i":
                return self.r.choice(INTS)
            if what == "small":
                return self.r.choice(self.names("any") + ["2", "3", "0"])
            if what.startswith("="):
                names = self.names(what[1:])
                if not names and ("f'" in template or 'f"' in template):
                    return "str(12)" if what[1:] == "str" else "12"  # no quotes within quotes
                return self.r.choice(names) if names else "(" + self.literal(what[1:]) + ")"
            kind, _, inner = what.partition("@")
            if inner:
                with self.bound_name(bound, inner):
                    text = self.expression(kind, depth)
            else:
                text = self.expression(kind, depth)
            return text if ATOM.fullmatch(text) else "(" + text + ")"

        return HOLE.sub(hole, template)
