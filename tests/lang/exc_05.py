# exception attributes of the builtin classes

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


print(BaseException(1, 2).args, Exception("a").args, str(Exception()), str(Exception(1)), str(Exception(1, "b")), repr(Exception(1)), repr(Exception("a", [2])))
print(str(KeyError("a")), str(KeyError("a", 1)), str(KeyError()), StopIteration(5).value, StopIteration().value, SystemExit(3).code, SystemExit(1, 2).code)
e = OSError(2, "No such file", "name")
print(e.errno, e.strerror, e.filename, e.args, str(e), type(e), OSError(1).errno, type(OSError(17, "x")), str(OSError(2, "a", "b", None, "c")))
e = SyntaxError("msg", ("f.py", 3, 5, "text", 3, 9))
print(e.msg, e.filename, e.lineno, e.offset, e.text, e.end_lineno, e.end_offset, e)
u = UnicodeDecodeError("utf-8", b"abc", 1, 2, "why")
print(u.encoding, u.object, u.start, u.end, u.reason, u)
print(UnicodeEncodeError("ascii", "\xe9", 0, 1, "bad"), UnicodeTranslateError("ab", 0, 2, "r"))
i = ImportError("m", name="n", path="p"); print(i.name, i.path, i.msg, i)
print(AttributeError("a", name="n", obj=5).obj, NameError("a", name="n").name)
err(lambda: ImportError(z=1))
err(lambda: UnicodeDecodeError())
err(lambda: UnicodeDecodeError("a", "b", 1, 2, "c"))
err(lambda: ValueError(x=1))
e = ValueError("x"); e.args = (1, 2, 3); print(e, repr(e))
e.note = 1; e.add_note("n1"); e.add_note("n2"); print(e.__notes__, e.__dict__)
err(lambda: e.add_note(5))
