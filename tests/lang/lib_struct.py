# struct: every code, both orders, alignment, errors.
import struct


def show(name, make):
    try:
        print(name, make())
    except Exception as e:
        print(name, type(e).__name__, e)


VALUES = (-2**70, 2**70, -1, 0, 127, 128, 255, 256, 32768, 65536, -32769, 2**31, 2**32, -2**31 - 1, 2**63, 2**64, "a", 1.5, b"ab", 1e300, True, None)
for order in "@=<>!":
    for code in "bBhHiIlLqQnNPefd?cspx":
        for v in VALUES:
            show(order + code + " " + repr(v)[:12], lambda: struct.pack(order + code, v))
for fmt in ("bhilq", "<bhilq", "i0q", "3s2h", "5p", "xbx", " h h ", "2", "z", "<n", "10s?d", "cc", "", "0s", "hx0i"):
    show("size " + fmt, lambda: struct.calcsize(fmt))
print(struct.unpack("<hHiIqQ", b"\xff" * 28), struct.unpack(">efd?c", struct.pack(">efd?c", 1.5, 2.5, -0.1, 3, b"z")))
print(struct.unpack("3s5p", struct.pack("3s5p", b"abcd", b"xy")))
s = struct.Struct("<2hx")
print(s.format, s.size, s.pack(1, -2), list(s.iter_unpack(b"\1\0\2\0\0" * 2)), s.unpack_from(b"__\1\0\2\0\0", 2), s.unpack_from(b"\1\0\2\0\0", offset=-5))
b = bytearray(8)
struct.pack_into(">hh", b, 2, 1, 2)
print(b)
show("unpack", lambda: struct.unpack("i", b"1"))
show("pack few", lambda: struct.pack("ii", 1))
show("pack_into small", lambda: struct.pack_into("i", bytearray(2), 0, 1))
show("pack_into offset", lambda: struct.pack_into("i", bytearray(6), -3, 1))
show("pack_into offset", lambda: struct.pack_into("i", bytearray(6), -9, 1))
show("unpack_from", lambda: struct.unpack_from("i", b"123456", 4))
show("unpack_from", lambda: struct.unpack_from("i", b"123456", -2))
show("iter", lambda: list(struct.iter_unpack("h", b"123")))
show("iter 0", lambda: list(struct.iter_unpack("", b"123")))
print(struct.error, struct.unpack("e", b"\x01\x00"), struct.unpack("e", b"\x00\x7c"))
