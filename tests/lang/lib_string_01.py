# string module and templates
import string

print(string.ascii_lowercase, string.digits, string.punctuation, string.capwords("hello  big world"))
t = string.Template("$who likes ${what} $$5")
print(t.substitute(who="Tim", what="kung pao"), t.safe_substitute(who="x"))
try: t.substitute(who="x")
except KeyError as e: print(repr(e))
try: string.Template("$").substitute()
except ValueError as e: print(e)
class F(string.Formatter):
    def get_value(self, k, a, kw): return kw.get(k, f"<{k}>") if isinstance(k, str) else a[k]
print(F().format("{0} {a} {b:>5}", 1, b="x"), list(string.Formatter().parse("a{b!r:c}d")))
