# repr() of nested objects in several threads, whose __repr__ conflict: repr() itself comes to no harm
import threading


class Counter:
    def __init__(self):
        self.n = 0

    def __repr__(self):
        for _ in range(50):
            self.n += 1
        return "C"


shared = [Counter(), {"k": [Counter(), (Counter(),)]}, {1}]
shared.append(shared)
text = "[C, {'k': [C, (C,)]}, {1}, [...]]"
wrong = []


def work():
    for _ in range(200):
        own = [shared[0], shared]
        if repr(shared) != text or repr(own) != f"[C, {text}]":
            wrong.append(repr(own))


threads = [threading.Thread(target=work) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(wrong[:3], shared[0].n, shared)
