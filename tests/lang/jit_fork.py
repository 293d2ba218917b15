# A forked child compiles its loops without touching what its parent has compiled since.
import os

LOOPS = 40
SOURCE = """
def loop(n):
    total = {start}
    for i in range(n):
        total = (total * {factor} + i) & 0xffff
    return total
"""


def make(start, factor):
    space = {}
    exec(SOURCE.format(start=start, factor=factor), space)
    return space["loop"]


mine = [make(k, 3) for k in range(LOOPS)]
compiled, go_on = os.pipe()
child = os.fork()
if child == 0:
    os.read(compiled, 1)  # the parent has compiled its loops
    print(sum(make(k, 5)(500) for k in range(LOOPS)), flush=True)
    os._exit(0)
before = [loop(500) for loop in mine]
os.write(go_on, b"!")
os.waitpid(child, 0)
print([loop(500) for loop in mine] == before, sum(before))
