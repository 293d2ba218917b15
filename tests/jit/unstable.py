# Variables that change their type each time: a loop whose registers hold them boxed.
def turn(n):
    a, b = 1, 2.5
    i = 0
    while i < n:            # run: entries<=2000
        a, b = b, a
        i += 1
    return a, b


print(turn(5001))
