# What a call makes for its parameters (*rest, **named) is kept while it looks up the defaults of keyword-only ones.
def caller(n):
    def called(a, b=2, *rest, d="z", **named):
        return a, b, rest, d, sorted(named.items())

    for i in range(n):
        t = called(i)
        text = repr(t)[:24]
        n = n + len(t[2])
    return len(text) + sum([k for k in (len(t), len(text), n)]) * len(repr((t, text, n, [t, n])))


total = 0
for k in range(4000):
    total += caller(20)
print(total)
