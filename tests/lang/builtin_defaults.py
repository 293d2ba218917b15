# The defaults of builtins stay what they are while collections move everything else.
import gc


def use():
    return list(), tuple(), set(), frozenset(), bytearray(), dict(), str(), bytes(), int(), sum([]), sorted([]), ''.join(())


print(use())
for _ in range(3):
    gc.collect()
    waste = [(i, str(i)) for i in range(20000)]
    print(use())
