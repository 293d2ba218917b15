# StringIO and BytesIO
import io

s = io.StringIO("line1\nline2\nrest")
print(s.readline(), s.read(3), s.tell(), list(s), s.read(), s.seek(0), s.readlines(), s.getvalue())
w = io.StringIO(); print("a", 1, file=w); w.write("b"); w.writelines(["c", "d"]); print(repr(w.getvalue())); w.seek(0); w.truncate(2); print(repr(w.getvalue()))
b = io.BytesIO(b"abcdef"); print(b.read(2), b.tell(), b.seek(-1, 2), b.read(), b.getvalue(), b.getbuffer().nbytes); b.seek(0); b.write(b"XY"); print(b.getvalue(), b.seek(3), b.readinto(bytearray(2)))
for f in (lambda: s.write(5), lambda: b.write("x"), lambda: s.seek(-1), lambda: io.StringIO(5), lambda: (s.close(), s.read())):
    try: f()
    except (TypeError, ValueError) as e: print(type(e).__name__, e)
with io.StringIO() as c: c.write("x")
print(c.closed, io.StringIO("a\r\nb", newline=None).read(), list(io.TextIOWrapper(io.BytesIO(b"p\nq\n"), encoding="ascii")))
