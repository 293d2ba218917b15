"""Branching that depends on data: random playouts of a capturing game on a 9 x 9 board with union of groups."""

SIZE = 9
CELLS = SIZE * SIZE
EMPTY, BLACK, WHITE = 0, 1, 2


def around(at):
    x, y = at % SIZE, at // SIZE
    found = []
    if x > 0:
        found.append(at - 1)
    if x < SIZE - 1:
        found.append(at + 1)
    if y > 0:
        found.append(at - SIZE)
    if y < SIZE - 1:
        found.append(at + SIZE)
    return found


AROUND = [around(at) for at in range(CELLS)]


class Chance:
    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self.state >> 8) % n


class Board:
    def __init__(self):
        self.cells = [EMPTY] * CELLS
        self.empty = list(range(CELLS))
        self.captured = [0, 0, 0]
        self.forbidden = -1

    def group(self, at):
        colour = self.cells[at]
        stones = {at}
        liberties = set()
        todo = [at]
        while todo:
            for near in AROUND[todo.pop()]:
                seen = self.cells[near]
                if seen == EMPTY:
                    liberties.add(near)
                elif seen == colour and near not in stones:
                    stones.add(near)
                    todo.append(near)
        return stones, liberties

    def eye(self, at, colour):
        for near in AROUND[at]:
            if self.cells[near] != colour:
                return False
        return True

    def play(self, at, colour):
        if at == self.forbidden or self.eye(at, colour):
            return False
        self.cells[at] = colour
        taken = []
        for near in AROUND[at]:
            if self.cells[near] == 3 - colour:
                stones, liberties = self.group(near)
                if not liberties:
                    taken.extend(stones)
                    for s in stones:
                        self.cells[s] = EMPTY
        if not taken and not self.group(at)[1]:
            self.cells[at] = EMPTY
            return False
        self.forbidden = taken[0] if len(taken) == 1 else -1
        self.captured[colour] += len(taken)
        self.empty.remove(at)
        self.empty.extend(sorted(taken))
        return True


def playout(seed):
    chance = Chance(seed)
    board = Board()
    colour = BLACK
    passes = moves = 0
    while passes < 2 and moves < 160:
        for _ in range(6):
            if not board.empty:
                break
            if board.play(board.empty[chance.below(len(board.empty))], colour):
                passes = 0
                moves += 1
                break
        else:
            passes += 1
        colour = 3 - colour
    return board.captured[BLACK] * 7 + board.captured[WHITE] * 3 + board.cells.count(BLACK) + moves


def bench():
    return sum(playout(seed) * (seed + 1) for seed in range(20))
