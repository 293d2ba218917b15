"""Sorting with keys, reversed, by several fields, and a hand-written merge sort."""


class Record:
    def __init__(self, name, age, score):
        self.name = name
        self.age = age
        self.score = score

    def __lt__(self, other):
        return self.score < other.score


def records(n):
    out = []
    state = 42
    for i in range(n):
        state = (state * 69069 + 1) % 4294967296
        out.append(Record("n%d" % (state % 997), state // 7 % 90, state // 11 % 10007))
    return out


def merge_sort(items):
    if len(items) < 2:
        return items
    middle = len(items) // 2
    a, b = merge_sort(items[:middle]), merge_sort(items[middle:])
    out = []
    i = k = 0
    while i < len(a) and k < len(b):
        if b[k] < a[i]:
            out.append(b[k])
            k += 1
        else:
            out.append(a[i])
            i += 1
    out.extend(a[i:])
    out.extend(b[k:])
    return out


def bench():
    data = records(7000)
    by_age = sorted(data, key=lambda r: (r.age, r.name))
    by_score = sorted(data, reverse=True)
    numbers = [r.score for r in data]
    merged = merge_sort(numbers)
    numbers.sort()
    assert merged == numbers
    return sum(i * r.age for i, r in enumerate(by_age)) % 1000003 + by_score[0].score + merged[77]
