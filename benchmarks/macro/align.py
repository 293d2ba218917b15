"""Tables filled by dynamic programming: edit distance, longest common part, knapsack, and a path count with memo."""


def edit_distance(a, b):
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        current = [i]
        for j, y in enumerate(b, 1):
            current.append(min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (x != y)))
        previous = current
    return previous[-1]


def common(a, b):
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a)):
        for j in range(len(b)):
            if a[i] == b[j]:
                table[i + 1][j + 1] = table[i][j] + 1
            else:
                left, up = table[i + 1][j], table[i][j + 1]
                table[i + 1][j + 1] = left if left > up else up
    out = []
    i, j = len(a), len(b)
    while i and j:
        if a[i - 1] == b[j - 1]:
            out.append(a[i - 1])
            i, j = i - 1, j - 1
        elif table[i][j - 1] >= table[i - 1][j]:
            j -= 1
        else:
            i -= 1
    return "".join(reversed(out))


def knapsack(items, room):
    best = [0] * (room + 1)
    for weight, worth in items:
        for r in range(room, weight - 1, -1):
            with_it = best[r - weight] + worth
            if with_it > best[r]:
                best[r] = with_it
    return best[room]


def paths(x, y, memo):
    if x == 0 or y == 0:
        return 1
    key = (x, y)
    if key not in memo:
        memo[key] = paths(x - 1, y, memo) + paths(x, y - 1, memo)
    return memo[key]


def word(n, seed):
    letters = []
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        letters.append("acgt"[seed >> 16 & 3])
    return "".join(letters)


def bench():
    a, b = word(250, 1), word(260, 2)
    items = [(3 + i * 7 % 13, 10 + i * 11 % 29) for i in range(30)]
    return edit_distance(a, b) * 1000003 + len(common(a, b)) * 1009 + knapsack(items, 1000) + paths(60, 60, {}) % 999983
