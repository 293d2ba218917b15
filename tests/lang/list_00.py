# list construction, comparison and repr of cycles

def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


print(list(), list("ab"), list(range(3)), [1, 2] == [1, 2], [1, 2] < [1, 3], [1] < [1, 0], [] < [1], [1, 2] != (1, 2), [[1], [2]] * 2, [1] * 0, 3 * ["a"])
l = [1]; l.append(l); print(l, l[1][1][0])
d = {}; d["d"] = d; print(d)
t = ([],); t[0].append(t); print(t)
err(lambda: [1] + (2,))
err(lambda: [1, "a"] < [1, 2])
err(lambda: [1] < 5)
err(lambda: list(5))
err(lambda: list(1, 2))
err(lambda: [1, 2][2])
err(lambda: [1]["a"])
err(lambda: [].pop())
err(lambda: [1].remove(2))
err(lambda: [1].index(2))
err(lambda: [1] * "a")
x = y = [1]; x += "ab"; x *= 2; print(y, x is y)
a = [[0] * 2] * 2; a[0][0] = 1; print(a)
class L(list):
    def __getitem__(self, i): return ("L", list.__getitem__(self, i))
print(L([1, 2])[0], [*L([1, 2])], L([1]) + [2], L([1, 2])[0:1], type(L([1]) * 2).__name__, L([1]) == [1])
