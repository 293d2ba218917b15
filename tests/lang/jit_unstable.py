# A loop whose variables change their types from one iteration to the next, again and again.
def turn(n):
    a, b = 1, 2.5
    total = 0
    i = 0
    while i < n:
        a, b = b, a
        total += a
        i += 1
    return a, b, total
for k in range(30):
    print(turn(40 + k))
def grow(n):
    x = 1
    seen = []
    for i in range(n):
        x = x * 3 if i % 7 else x + 0.5
        if x > 1000:
            x = 1
        seen.append(x)
    return sum(seen), len(seen)
print(grow(1000))
