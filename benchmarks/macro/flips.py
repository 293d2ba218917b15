"""Lists of small ints: pancake flips of all permutations, and a puzzle of pieces as sets of cells."""


def flips(n):
    order = list(range(n))
    count = list(range(n))
    checksum = most = 0
    sign = 1
    while True:
        first = order[0]
        if first:
            pile = order[:]
            done = 0
            while first:
                pile[:first + 1] = pile[first::-1]
                done += 1
                first = pile[0]
            if done > most:
                most = done
            checksum += sign * done
        if sign == 1:
            order[0], order[1] = order[1], order[0]
        else:
            order[1], order[2] = order[2], order[1]
            for i in range(2, n):
                if count[i]:
                    count[i] -= 1
                    break
                count[i] = i
                if i == n - 1:
                    return checksum, most
                order.insert(i + 1, order.pop(0))
        sign = -sign


SHAPES = [((0, 0), (0, 1), (0, 2), (1, 2)), ((0, 0), (1, 0), (1, 1), (2, 1)), ((0, 0), (0, 1), (1, 0), (1, 1)),
          ((0, 0), (0, 1), (0, 2), (0, 3))]


def placements(width, height):
    found = []
    for shape in SHAPES:
        options = set()
        for _ in range(4):
            shape = [(y, -x) for x, y in shape]
            left = min(x for x, _ in shape)
            top = min(y for _, y in shape)
            for dx in range(width):
                for dy in range(height):
                    cells = frozenset((x - left + dx, y - top + dy) for x, y in shape)
                    if all(x < width and y < height for x, y in cells):
                        options.add(cells)
        found.append(sorted(options, key=sorted))
    return found


def packings(options, used, k):
    if k == len(options):
        return 1
    return sum(packings(options, used | cells, k + 1) for cells in options[k] if not used & cells)


def bench():
    checksum, most = flips(8)
    return checksum * 100 + most + packings(placements(4, 4), frozenset(), 0)
