# chr, ord, hex, bin, oct, ascii, repr, len

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


print(chr(97), chr(0x20ac), repr(chr(0x10ffff)), ord("a"), ord(b"a"), ord("\U0001f600"), hex(255), hex(-1), bin(10), oct(8), ascii("\xe9\n"), repr("\xe9"), len("abc"), len({1: 2}), bin(-(2 ** 70)), hex(10 ** 20))
err(lambda: chr(-1))
err(lambda: chr(0x110000))
err(lambda: chr("a"))
err(lambda: chr(1.5))
err(lambda: ord("ab"))
err(lambda: ord(""))
err(lambda: ord(5))
err(lambda: ord(b"ab"))
err(lambda: hex("a"))
err(lambda: bin(1.5))
err(lambda: len())
err(lambda: len(5))
err(lambda: len([], []))
err(lambda: hash())
err(lambda: id())
err(lambda: callable())
