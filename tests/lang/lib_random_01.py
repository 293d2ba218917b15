# random with a seed gives CPython's sequence
import random

r = random.Random(42)
print([r.random() for _ in range(3)], [r.randint(1, 100) for _ in range(5)], r.choice("abcdef"), r.sample(range(100), 5), r.getrandbits(70), r.uniform(1, 2), r.gauss(0, 1), r.choices([1, 2, 3], k=4), r.randrange(0, 100, 7))
l = list(range(10)); r.shuffle(l); print(l)
random.seed("text"); print(random.random(), random.randbytes(4))
s = random.getstate(); a = random.random(); random.setstate(s); print(a == random.random())
for f in (lambda: random.choice([]), lambda: random.randint(5, 1), lambda: random.sample([1], 2)):
    try: f()
    except (IndexError, ValueError) as e: print(type(e).__name__, e)
