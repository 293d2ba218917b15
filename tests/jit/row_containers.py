# Lists, dicts, sets and their iterators without calls; enumerate and zip leave no tuple.
def list_sum(a, n):
    s = 0
    for k in range(n):
        for x in a:    # loop: no calls, no New, guards<=2
            s += x
    return s


def list_index(a, n):
    s = 0
    for i in range(n):    # loop: no calls, no New, guards<=4
        s += a[i]
    return s


def list_store(a, n):
    for i in range(n):    # loop: no calls, no New, guards<=3
        a[i] = i
    return a[5]


def list_floats(a, n):
    for i in range(n):    # loop: no calls, no New, guards<=4
        a[i] = a[i] * 0.5 + 1.0
    return a[5]


def list_append(n):
    a = []
    for i in range(n):    # loop: calls<=1, no New, no barriers, guards<=1
        a.append(i)
    return len(a)


def list_pop(a):
    s = 0
    while a:    # loop: calls<=1, no New, guards<=4
        s += a.pop()
    return s


def enumerated(a, n):
    s = 0
    for k in range(n):
        for i, x in enumerate(a):    # loop: no calls, no New, guards<=2
            s += i * x
    return s


def zipped(a, b, n):
    s = 0
    for k in range(n):
        for x, y in zip(a, b):    # loop: no calls, no New, guards<=4
            s += x * y
    return s


def reversed_list(a, n):
    s = 0
    for k in range(n):
        for x in reversed(a):
            s += x
    return s


def tuple_walk(t, n):
    s = 0
    for k in range(n):
        for x in t:    # loop: no calls, no New, no barriers, guards<=2
            s += x
    return s


def dict_reads(d, n):
    s = 0
    for i in range(n):    # loop: calls<=1, no New, no barriers, guards<=5
        s += d["b"]
    return s


def dict_counts(d, n):
    for i in range(n):    # loop: calls<=2, no New, no barriers, guards<=8
        d["b"] += 1
    return d["b"]


def dict_get(d, n):
    s = 0
    for i in range(n):    # loop: calls<=2, no New, no barriers, guards<=12
        s += d.get("a", 0) + d.get("zz", 1)
    return s


def dict_in(d, n):
    s = 0
    for i in range(n):    # loop: calls<=2, no New, no barriers, guards<=7
        if "a" in d and "zz" not in d:
            s += 1
    return s


def dict_items(d, n):
    s = 0
    for k in range(n):
        for a, b in d.items():    # loop: calls<=1, no New, no barriers, guards<=5
            s += b
    return s


def set_in(t, n):
    s = 0
    for i in range(n):    # loop: calls<=1, no New, no barriers, guards<=3
        if i & 15 in t:
            s += 1
    return s


def tuple_in(n):
    s = 0
    for i in range(n):    # loop: calls<=1, no New, no barriers, guards<=4
        if i & 3 in (1, 2):
            s += 1
    return s


def nested(m, n):
    s = 0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        s += m[2][3]
    return s


def lengths(a, n):
    s = 0
    for i in range(n):    # loop: calls<=1, no New, guards<=9
        s += len(a) + len("abc") + len((1, 2))
    return s


def bytes_walk(b, n):
    s = 0
    for k in range(n):
        for x in b:    # loop: calls<=1, no New, no barriers, guards<=2
            s += x
    return s


L = list(range(100))
print(list_sum(L, 40), list_index(list(range(3000)), 3000), list_store([0] * 3000, 3000), list_floats([0.5] * 3000, 3000))
print(list_append(3000), list_pop(list(range(3000))), enumerated(L, 40), zipped(L, L, 40), reversed_list(L, 40))
print(tuple_walk(tuple(L), 40), dict_reads({"a": 1, "b": 2}, 3000), dict_counts({"a": 1, "b": 2}, 3000), dict_get({"a": 1}, 3000))
print(dict_in({"a": 1}, 3000), dict_items({str(i): i for i in range(100)}, 40), set_in({1, 5}, 3000), tuple_in(3000))
print(nested([[1, 2, 3, 4]] * 4, 3000), lengths(L, 3000), bytes_walk(bytes(range(100)), 40))
