# A source that runs once keeps nothing of its namespace alive.
import gc
import weakref


class Big:
    pass


SOURCE = """
import sys
def own(n):
    return limit + n
limit = 3
total = own(4) + len(name)
class Inner:
    limit = limit
"""


def run(alive):
    namespace = {"big": Big(), "name": "abc"}
    alive.append(weakref.ref(namespace["big"]))
    exec(SOURCE, namespace)
    return namespace["total"]


alive = []
print({run(alive) for _ in range(200)})
gc.collect()
print(sum(r() is not None for r in alive) < 10)
