# bytes and bytearray construction and items

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


print(bytes(3), bytes([1, 2, 255]), bytes(b"ab"), bytes("h\xe9", "utf-8"), bytes("x", encoding="ascii"), bytes(range(3)), bytearray(2), bytearray("a", "ascii"), bytes(bytearray(b"q")), bytes(memoryview(b"mv")))
err(lambda: bytes(-1))
err(lambda: bytes([256]))
err(lambda: bytes(["a"]))
err(lambda: bytes("abc"))
err(lambda: bytes(5, "ascii"))
err(lambda: bytes(1.5))
err(lambda: bytes(None))
err(lambda: bytes("\xe9", "ascii"))
err(lambda: b"abc"[1], b"abc"[1:], b"abc"[-1])
err(lambda: b"abc"[5])
err(lambda: b"a" + "b")
err(lambda: b"ab" * 2, 2 * b"ab", b"a" in b"ab", 97 in b"ab")
err(lambda: 300 in b"ab")
err(lambda: "a" in b"ab")
err(lambda: b"a" < b"b", b"a" == "a", b"a" == bytearray(b"a"))
err(lambda: bytes.fromhex("01 fF"), b"\x01\xff".hex(), b"abc".hex(":", 1), bytearray.fromhex("00"))
err(lambda: bytes.fromhex("0"))
err(lambda: bytes.fromhex("zz"))
err(lambda: b"abc".decode(), b"\xe9".decode("latin-1"), b"\xff".decode("utf-8", "replace"))
err(lambda: b"\xff".decode())
err(lambda: bytes.maketrans(b"ab", b"xy")[97:99], b"abc".translate(bytes.maketrans(b"ab", b"xy")), b"abc".translate(None, b"b"))
a = bytearray(b"abc")
a += b"d"; a.append(101); a.extend([102]); a.insert(0, 64); a.remove(98); print(a, a.pop(), a.pop(0), a); a.reverse(); a *= 2; print(a, a.copy() is a); a.clear(); print(a)
def f(): a.append(256)
def g(): a.append("x")
def h(): b"abc"[0] = 1
for k in (f, g, h): err(k)
