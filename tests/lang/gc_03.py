# many short-lived objects and a long-lived graph
class Node:
    __slots__ = ("next", "value")
    def __init__(self, v, n): self.value, self.next = v, n
head = None
for i in range(20000): head = Node(i, head)
junk = 0
for i in range(100000): junk += len([i, (i, str(i))])
n, total = head, 0
while n: total += n.value; n = n.next
print(total, junk)
d = {}
for i in range(50000):
    d[i % 1000] = [i] * 3
print(sum(v[0] for v in d.values()), len(d))
s = ""
for i in range(5000): s += chr(97 + i % 26)
print(len(s), s[:30], s[-5:])
