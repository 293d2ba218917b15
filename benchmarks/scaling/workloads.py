"""The scaling programs: each splits a fixed amount of work over n threads and returns a checksum.

A workload is a class: prepare(n) makes the shared data, work(k, n) is thread k's share, result() the
checksum, which must not depend on n.
"""
import queue
import threading


class Fractal:
    """Rows of the Mandelbrot set, each thread every n-th row."""
    size, limit = 600, 200

    def prepare(self, n):
        self.rows = [None] * self.size

    def row(self, y):
        total = 0
        ci = 2.0 * y / self.size - 1.0
        for x in range(self.size):
            cr = 3.0 * x / self.size - 2.0
            zr = zi = 0.0
            count = 0
            while count < self.limit and zr * zr + zi * zi < 4.0:
                zr, zi = zr * zr - zi * zi + cr, 2.0 * zr * zi + ci
                count += 1
            total += count
        return total

    def work(self, k, n):
        for y in range(k, self.size, n):
            self.rows[y] = self.row(y)

    def result(self):
        return sum(self.rows)


class Particle:
    def __init__(self, x, v):
        self.x = x
        self.v = v
        self.bounces = 0

    def move(self, dt):
        self.x += self.v * dt
        if self.x < 0.0 or self.x > 10.0:
            self.v = -self.v
            self.bounces += 1


class Simulation:
    """Objects that belong to one thread each: particles in separate boxes."""
    boxes, particles, steps = 8, 100, 12000

    def prepare(self, n):
        self.worlds = [[Particle((i * 7 + b) % 10 * 1.0, (i % 5 + 1) * 0.75) for i in range(self.particles)]
                       for b in range(self.boxes)]

    def work(self, k, n):
        for b in range(k, self.boxes, n):
            world = self.worlds[b]
            for _ in range(self.steps):
                for p in world:
                    p.move(0.125)

    def result(self):
        return sum(p.bounces for world in self.worlds for p in world)


class Tables:
    """Shared tables, nearly only read: look-ups in dicts and lists, one write in a thousand."""
    rounds = 2400000

    def prepare(self, n):
        self.prices = {"item%d" % i: i * 3 % 101 for i in range(1000)}
        self.names = ["item%d" % (i * 7 % 1000) for i in range(1000)]
        self.totals = [0] * 8
        self.notes = {}

    def work(self, k, n):
        prices, names = self.prices, self.names
        for part in range(k, 8, n):
            total = 0
            for i in range(part * self.rounds // 8, (part + 1) * self.rounds // 8):
                name = names[i % 1000]
                total += prices[name] + len(name)
                if i % 1000 == 0:
                    self.notes[i] = total
            self.totals[part] = total

    def result(self):
        return sum(self.totals) + len(self.notes)


class Counters:
    """Several counters under one lock; the work between the updates is the thread's own."""
    rounds = 400000

    def prepare(self, n):
        self.lock = threading.Lock()
        self.counts = {i: 0 for i in range(64)}

    def work(self, k, n):
        for i in range(k, self.rounds, n):
            x = i
            for _ in range(12):
                x = (x * 1103515245 + 12345) & 0x7FFFFFFF
            with self.lock:
                self.counts[x & 63] += 1

    def result(self):
        return sum(self.counts.values()) * 1000 + max(self.counts.values())


class Account:
    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()


class Bank:
    """Transfers between shared accounts, each under the locks of the two."""
    rounds, accounts = 400000, 200

    def prepare(self, n):
        self.bank = [Account(1000) for _ in range(self.accounts)]

    def work(self, k, n):
        bank, size = self.bank, self.accounts
        for i in range(k, self.rounds, n):
            x = (i * 2654435761) & 0xFFFFFFFF
            a, b = x % size, x // size % size
            if a == b:
                continue
            first, second = bank[min(a, b)], bank[max(a, b)]
            amount = x // 40000 % 10
            with first.lock:
                with second.lock:
                    bank[a].balance -= amount
                    bank[b].balance += amount

    def result(self):
        return sum(account.balance * (i + 1) for i, account in enumerate(self.bank))


class Trees:
    """Allocation: every thread builds and checks its own binary trees."""
    trees, depth = 1600, 9

    def prepare(self, n):
        self.sums = [0] * self.trees

    def make(self, depth):
        return (self.make(depth - 1), self.make(depth - 1)) if depth else (None, None)

    def check(self, tree):
        left, right = tree
        return 1 if left is None else 1 + self.check(left) + self.check(right)

    def work(self, k, n):
        for i in range(k, self.trees, n):
            self.sums[i] = self.check(self.make(self.depth))

    def result(self):
        return sum(self.sums)


class Words:
    """Word count of a real text (sources of the standard library) into one shared dict."""
    files = ("argparse", "datetime", "inspect", "typing", "pickle", "ast", "tarfile", "doctest") * 4

    def prepare(self, n):
        import os
        folder = os.path.dirname(os.__file__)
        self.texts = []
        for name in self.files:
            with open("%s/%s.py" % (folder, name), encoding="utf-8") as f:
                self.texts.append(f.read())
        self.counts = {}

    def work(self, k, n):
        counts = self.counts
        for i in range(k, len(self.texts), n):
            for line in self.texts[i].split("\n"):
                for word in line.split():
                    word = word.strip("().,:;'\"=[]{}#")
                    if word:
                        # One reading and one writing of a key must not be torn apart.
                        with pystm_atomic:
                            counts[word] = counts.get(word, 0) + 1

    def result(self):
        return sum(self.counts.values()) * 10000 + len(self.counts)


class Hand:
    """Producer and consumers over queue.Queue."""
    items = 40000

    def prepare(self, n):
        self.queue = queue.Queue(100)
        self.totals = [0] * 8

    def consume(self, k):
        total = 0
        while True:
            item = self.queue.get()
            if item is None:
                break
            x = item
            for _ in range(40):
                x = (x * 69069 + 1) & 0xFFFFFFFF
            total += x & 255
        self.totals[k] = total

    def work(self, k, n):
        if n == 1:
            t = threading.Thread(target=self.consume, args=(0,))
            t.start()
            for i in range(self.items):
                self.queue.put(i)
            self.queue.put(None)
            t.join()
        elif k == 0:
            for i in range(self.items):
                self.queue.put(i)
            for _ in range(n - 1):
                self.queue.put(None)
        else:
            self.consume(k)

    def result(self):
        return sum(self.totals)


try:
    from pystm import atomic as pystm_atomic
except ImportError:
    pystm_atomic = threading.Lock()

ALL = {"fractal": Fractal, "simulation": Simulation, "tables": Tables, "counters": Counters, "bank": Bank,
       "trees": Trees, "words": Words, "queue": Hand}
