# Numbers stay in machine registers: ints without boxes, floats without tags, ranges that need no overflow check.
def int_sum(n):
    s = 0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        s += i
    return s


def int_mix(n):
    s = 0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        s = (s * 3 + (i >> 2) - (i & 7)) & 0xFFFF
    return s


def wrap_32(n):
    h = 5381
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        h = (h * 33 + i) & 0xFFFFFFFF
    return h


def shifts(n):
    s = 0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1
        s ^= (i << 3) | (i % 5)
    return s


def divide(n):
    s = 0
    for i in range(1, n):    # loop: no calls, no New, no barriers, guards<=3
        s += 1000000 // i
    return s


def count_down(n):
    k = 0
    while n > 0:    # loop: no calls, no New, no barriers, guards<=1
        n -= 2
        k += 1
    return k


def float_sum(n):
    s = 0.0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1, no BoxFloat, no CheckFloat
        s += i * 0.5
    return s


def float_poly(n):
    x = y = 0.25
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=2, no BoxFloat, no CheckFloat
        x, y = x * y - 0.5, y / 1.5 + x
        if x > 10.0:
            x = -x
    return x < 10.0


def to_int(n):
    s = 0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=1, no BoxFloat, no CheckFloat
        s += int(i * 0.75)
    return s


def to_float(n):
    s = 0.0
    for i in range(n):    # loop: calls<=1, no New, no barriers, guards<=2
        s += float(i) ** 2
    return s


def compare_chain(n):
    s = 0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=3
        if 0 <= i < 1000000:
            s += 1
    return s


def absolute(n):
    s = 0
    for i in range(n):    # loop: no calls, no New, no barriers, guards<=3
        s += abs(i - 500) + min(i, 7) + max(i, 3)
    return s


def booleans(n):
    s = 0
    for i in range(n):    # loop: calls<=1, no New, no barriers, guards<=4
        s += (i > 5) + (i < 9)
    return s


print(int_sum(3000), int_mix(3000), wrap_32(3000), shifts(3000), divide(3000), count_down(6000), float_sum(3000))
print(float_poly(3000), to_int(3000), to_float(3000), compare_chain(3000), absolute(3000), booleans(3000))
