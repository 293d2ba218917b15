# Compiled code stores and looks up ints in a dict that holds a key whose __eq__ is Python code: that code runs in the
# interpreter, once per comparison, and may do anything.
class Awkward:
    def __init__(self, hash):
        self.hash = hash

    def __hash__(self):
        return self.hash

    def __eq__(self, other):
        calls.append(other if isinstance(other, int) else "key")
        if empties:
            table.clear()
            table[other] = -1
        return False


def store(n):
    for i in range(n):
        if i == n // 2:
            table[Awkward(n - 100)] = 0
        table[i] = i


def look_up(n):
    total = 0
    for i in range(n):
        total += table[i]
    return total


calls = []
empties = True
table = {5000: 1, "a": 2}
store(1000)
print(calls, len(table), table[900], table[999])

calls = []
empties = False
table = {Awkward(300): 0}
store(400)
print(look_up(400), calls, len(table))
