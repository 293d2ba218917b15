# Slices of builtin sequences, read, stored and deleted, in loops that are compiled.
def read(n):
    l, t, s, b, w = list(range(20)), tuple(range(20)), "abcdefghijklmnopqrst", bytes(range(20)), "ä€" * 10
    out = 0
    for i in range(n):
        k = i % 23 - 2
        out += len(l[k:]) + sum(l[:k]) + len(l[k:5:-1]) + sum(l[-k:k]) + len(l[::3]) + l[::-1][0]
        out += len(t[k:]) + sum(t[1:k:2]) + len(t[:]) + len(t[k:k]) + (t[0:20] is t) + sum(t[::-1][:2])
        out += len(s[k:]) + ord(s[k:][-1:] or "z") + len(s[::2]) + len(s[k:2]) + len((s + str(i))[20:])
        out += len(b[k:]) + sum(b[:k]) + len(b[::-2]) + (b[:] == b) + len(w[k:])
    print(out, l[3:-2], t[-3:], s[::-3], b[2:4], w[1:3])


def store(n):
    l = list(range(10))
    for i in range(n):
        k = i % 7
        l[:k + 1] = l[k::-1]
        l[k:k] = (i, i + 1)
        del l[2:4]
        l[::2] = [0] * len(l[::2])
        l[3:] = l
        del l[10:]
        l[1:1] = ()
    print(l)
    m = []
    m[5:] = [1, 2]
    m[-9:0] = m
    print(m)


def errors(n):
    l, found = [1, 2, 3], []
    for i in range(n):
        try:
            l[::i % 2]
        except ValueError as e:
            found.append(str(e))
        try:
            l[::2] = [1] * (2 + i % 3)
        except ValueError as e:
            found.append(str(e))
        try:
            l[i % 4:"x" if i == n - 3 else None]
        except TypeError as e:
            found.append(str(e))
        try:
            l[0:0] = 5 if i == n - 2 else ()
        except TypeError as e:
            found.append(str(e))
    print(len(found), sorted(set(found)), l)


class Index:
    def __index__(self):
        return 2


def objects(n):
    l, total = list(range(9)), 0
    for i in range(n):
        total += len(l[Index() if i % 5 == 0 else 1:True]) + len(l[:2 ** 70]) + len(l[-2 ** 65:i])
    print(total)


read(300)
store(300)
errors(200)
objects(200)
