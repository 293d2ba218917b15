# Compiled code comes back from a call into an expression whose next instruction is a jump: the value is kept.
class Node:
    def __init__(self, depth):
        self.depth = depth
        self.left = Node(depth - 1) if depth else None


total = 0
for k in range(4000):
    root = Node(3)
    while root:
        total += root.depth
        root = root.left
print(total)
