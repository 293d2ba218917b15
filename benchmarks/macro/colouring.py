"""Constraint propagation: colouring a map by domains, most constrained first."""


def build(size):
    neighbours = {}
    for i in range(size):
        for j in range(size):
            near = []
            for di, dj in ((0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (-1, -1)):
                a, b = i + di, j + dj
                if 0 <= a < size and 0 <= b < size:
                    near.append((a, b))
            neighbours[(i, j)] = near
    return neighbours


def solve(neighbours, domains, colours):
    if len(colours) == len(neighbours):
        return colours
    place = min((p for p in neighbours if p not in colours), key=lambda p: (len(domains[p]), p))
    for colour in sorted(domains[place]):
        changed = []
        colours[place] = colour
        dead = False
        for other in neighbours[place]:
            if other not in colours and colour in domains[other]:
                domains[other].discard(colour)
                changed.append(other)
                if not domains[other]:
                    dead = True
        if not dead:
            found = solve(neighbours, domains, colours)
            if found is not None:
                return found
        for other in changed:
            domains[other].add(colour)
        del colours[place]
    return None


def bench():
    neighbours = build(20)
    domains = {p: {0, 1, 2, 3} for p in neighbours}
    colours = solve(neighbours, domains, {})
    return sum((i * 20 + j) * c for (i, j), c in colours.items())
