"""Collector at work: a graph full of cycles built and dropped, shortest paths with a heap, a tree of keys."""


class Vertex:
    def __init__(self, name):
        self.name = name
        self.edges = []
        self.back = None
        self.distance = None


class Edge:
    __slots__ = ("source", "target", "weight")

    def __init__(self, source, target, weight):
        self.source = source
        self.target = target
        self.weight = weight


def build(n, seed):
    vertices = [Vertex("v%d" % i) for i in range(n)]
    for i, v in enumerate(vertices):
        for k in range(4):
            seed = (seed * 1103515245 + 12345) % 2147483648
            other = vertices[(i + 1 + seed // 65536 % 17 * (k + 1)) % n]
            v.edges.append(Edge(v, other, seed % 31 + 1))
            other.back = v
    return vertices


def push(heap, item):
    heap.append(item)
    at = len(heap) - 1
    while at:
        parent = (at - 1) >> 1
        if heap[parent] <= item:
            break
        heap[at] = heap[parent]
        at = parent
    heap[at] = item


def pop(heap):
    last = heap.pop()
    if not heap:
        return last
    top, at, n = heap[0], 0, len(heap)
    while True:
        child = 2 * at + 1
        if child >= n:
            break
        if child + 1 < n and heap[child + 1] < heap[child]:
            child += 1
        if last <= heap[child]:
            break
        heap[at] = heap[child]
        at = child
    heap[at] = last
    return top


def distances(vertices):
    heap = []
    number = {v: i for i, v in enumerate(vertices)}
    push(heap, (0, 0))
    while heap:
        distance, i = pop(heap)
        v = vertices[i]
        if v.distance is not None:
            continue
        v.distance = distance
        for edge in v.edges:
            if edge.target.distance is None:
                push(heap, (distance + edge.weight, number[edge.target]))
    return sum(v.distance or 0 for v in vertices)


class Branch:
    def __init__(self, key):
        self.key = key
        self.left = self.right = self.parent = None


def insert(root, key):
    at = root
    while True:
        if key == at.key:
            return
        side = "left" if key < at.key else "right"
        below = getattr(at, side)
        if below is None:
            fresh = Branch(key)
            fresh.parent = at
            setattr(at, side, fresh)
            return
        at = below


def depth(branch):
    return 0 if branch is None else 1 + max(depth(branch.left), depth(branch.right))


def bench():
    total = 0
    for round_number in range(4):
        total += distances(build(1000, round_number))
    root = Branch(500)
    key = 1
    for _ in range(2400):
        key = key * 421 % 3001
        insert(root, key)
    rings = 0
    for i in range(3000):
        a, b = [i], [i + 1]
        a.append(b)
        b.append(a)
        rings += a[1][1][0]
    return total * 100 + depth(root) + rings
