# percent formatting of every conversion

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


for v in (0, 42, -7, 10 ** 20):
    print("%d %i %5d|%-6d|%06d %+d % d %x %X %#x %o %#o %s %r %e %.3f %g" % ((v,) * 17))
for v in (1.5, -0.0, 1e100, float("nan"), float("inf")):
    print("%f %.0f %10.3f|%-10.2e|%+g %G %s %r %a %08.2f" % ((v,) * 10))
print("%c%c %s %r %a %%" % ("x", 8364, "\xe9", "\xe9", "\xe9"), "%(a)s %(b)5.1f %(a)r" % {"a": 1, "b": 2.25}, "%*d|%-*d|%.*f" % (5, 1, 5, 2, 2, 3.14159))
print("%.2s|%5.1s|%s" % ("abc", "xyz", [1]), "%s" % ((1, 2),), "%d" % 3.99, "%d" % True, "%x" % -255)
err(lambda: "%d" % "x")
err(lambda: "%x" % 1.5)
err(lambda: "%c" % "ab")
err(lambda: "%c" % -1)
err(lambda: "%c" % 1.5)
err(lambda: "%f" % "x")
err(lambda: "%s %s" % 1)
err(lambda: "%s" % (1, 2))
err(lambda: "%(a)s" % 5)
err(lambda: "%(a)s" % {})
err(lambda: "%z" % 1)
err(lambda: "%" % ())
err(lambda: "abc" % 5)
err(lambda: "abc" % {})
err(lambda: "%(a" % {})
err(lambda: "%*d" % ("x", 1))
err(lambda: "%d" % float("inf"))
err(lambda: b"%s %b %d %x" % (b"a", b"b", 3, 255))
err(lambda: b"%s" % "x")
err(lambda: b"%a" % "\xe9")
