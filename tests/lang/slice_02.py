# slice objects: attributes, indices, equality and errors

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


s = slice(1, 10, 2)
print(s, s.start, s.stop, s.step, s.indices(5), slice(None).indices(3), slice(None, None, -1).indices(4), slice(-100, 100, 3).indices(7))
print(slice(1) == slice(None, 1), slice(1, 2) < slice(1, 3), slice("a", [], 5), s.__reduce__()[1])
err(lambda: slice())
err(lambda: slice(1, 2, 3, 4))
err(lambda: slice(0, 1, 0).indices(5))
err(lambda: slice("a").indices(5))
err(lambda: slice(1).indices(-1))
err(lambda: hash(slice(1)))
err(lambda: [1, 2][::0])
err(lambda: "ab"["a":])
err(lambda: [1][1.0:])
def f(): s.start = 5
err(f)
class I:
    def __index__(self): return 2
print("abcdef"[I():], [0, 1, 2, 3][:I()], "abcdef"[10 ** 30:], "abc"[-10 ** 30:])
