# Strings: comparisons, lengths, indexing and formatting in traces; what remains a call is one call.
def equal(n):
    s, t = 0, "abc"
    for i in range(n):    # loop: calls<=1, no New, no barriers, guards<=3
        if t == "abc":
            s += 1
    return s


def characters(text, n):
    s = 0
    for k in range(n):
        for c in text:    # loop: calls<=2, no New, no barriers, guards<=5
            if c == "a":
                s += 1
    return s


def octets(data, n):
    s = 0
    for k in range(n):
        for b in data:    # loop: no calls, no New, no barriers, guards<=4
            s += b
    return s


def indexed(text, n):
    s = 0
    for i in range(n):    # loop: calls<=2, no New, no barriers, guards<=6
        if text[i & 15] == "b":
            s += 1
    return s


def ordinals(text, n):
    s = 0
    for i in range(n):    # loop: calls<=2, no New, no barriers, guards<=10
        s += ord(text[i & 15])
    return s


def concat(n):
    t = ""
    for i in range(n):    # loop: calls<=1, no New, no barriers, guards<=4
        t += "x"
    return len(t)


def formatted(n):
    s = 0
    for i in range(n):    # loop: calls<=4, no barriers, guards<=14
        s += len(f"{i}:{s}")
    return s


def joined(n):
    s = 0
    for i in range(n):    # loop: calls<=2, no New, no barriers, guards<=14
        s += len("-".join(("a", "b")))
    return s


def starts(text, n):
    s = 0
    for i in range(n):    # loop: calls<=1, no New, no barriers, guards<=8
        if text.startswith("ab"):
            s += 1
    return s


def inside(text, n):
    s = 0
    for i in range(n):    # loop: calls<=1, no New, no barriers, guards<=4
        if "cd" in text:
            s += 1
    return s


def big(n):
    s = 1
    for i in range(n):    # loop: calls<=4, no New, no barriers, guards<=9
        s = (s * 1103515245 + 12345) % (1 << 64)
    return s


def strs(n):
    s = 0
    for i in range(n):    # loop: calls<=2, no New, no barriers, guards<=9
        s += len(str(i))
    return s


T = "abcdabcdabcdabcd"
print(equal(3000), characters(T, 200), octets(T.encode(), 200), indexed(T, 3000), ordinals(T, 3000), concat(3000), formatted(3000), joined(3000))
print(starts(T, 3000), inside(T, 3000), big(3000), strs(3000))
