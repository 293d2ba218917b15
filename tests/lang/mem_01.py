# memoryview: slicing, casting, writing and release

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


b = bytearray(range(8))
m = memoryview(b)
print(len(m), m[0], m[-1], m[2:4].tolist(), m.tobytes(), m.readonly, m.format, m.itemsize, m.ndim, m.shape, m.strides, m.nbytes, m.contiguous, memoryview(b"abc").readonly)
m[0] = 255; m[1:3] = b"xy"; print(b, m[::2].tolist(), m[::-1].tolist(), m == b, m[1:3] == b"xy", list(m[5:]))
c = m.cast("H"); print(c.tolist(), c.itemsize, c.format); c[0] = 1; print(b[:2])
print(m.cast("B", (2, 4)).tolist(), m.hex(), memoryview(b"abc").hex("-"), hash(memoryview(b"abc")) == hash(b"abc"), 120 in m)
err(lambda: m[100])
err(lambda: m["x"])
err(lambda: memoryview(5))
err(lambda: memoryview("abc"))
err(lambda: hash(m))
def w1(): m[0] = 300
def w2(): m[0] = "x"
def w3(): m[0:2] = b"xyz"
def w4(): memoryview(b"abc")[0] = 1
def w5(): del m[0]
def w6(): b.append(1)
for f in (w1, w2, w3, w4, w5, w6): err(f)
m.release(); c.release()
err(lambda: m[0])
err(lambda: m.tolist())
b.append(9) if False else None
with memoryview(b"xyz") as v: print(v.tolist())
