"""Programs whose work runs in two to four threads, with one possible outcome.

A worker computes on its own data; what it shares is protected by a lock and changed by operations whose order does
not matter (sums, counts, set union), so the result equals a serial run's. Only the main thread prints.
"""

from patterns import THREADS


class Threaded:
    """Mixed into the generator."""

    def worker_definition(self, shared):
        r = self.r
        name = self.fresh("worker") + f"_{self.seed}"
        self.line(f"def {name}(number):")
        with self.function_scope([], None):
            self.budget = 2500
            self.vars.append(("number", "int", False))
            for _ in range(r.randrange(3, 6)):
                self.declare()
            self.line("own = number")
            self.vars.append(("own", "int", True))
            n = r.choice((20, 40, 80))
            with self.block(f"for i in range({n}):"):
                self.vars.append(("i", "int", False))
                self.times, self.loop_depth, self.breakable = n, 1, True
                self.body(4)
                self.breakable = False  # what follows must happen in every iteration
                self.store("own", "int", self.expression("int", 2))
                if r.random() < 0.8:
                    with self.block(f"with lock_{self.seed}:"):
                        for _ in range(r.randrange(1, 4)):
                            self.line(r.choice(shared))
            self.line(f"return own, {self.leaf('int')}, {self.leaf('str')}, {self.leaf('ints')}")
        return name

    def threaded_main(self):
        r = self.r
        self.line(f"lock_{self.seed} = threading.{r.choice(('Lock', 'RLock'))}()")
        self.line(f"total_{self.seed} = [0, 0.0]")
        self.line(f"counts_{self.seed} = {{}}")
        self.line(f"seen_{self.seed} = set()")
        self.line(f"class Box_{self.seed}:")
        self.line("    value = 0")
        self.line(f"box_{self.seed} = Box_{self.seed}()")
        k = f"(own + i) & {r.choice((3, 7, 15))}"
        shared = [
            f"total_{self.seed}[0] += own & 0xff", f"total_{self.seed}[1] += 0.5", f"counts_{self.seed}[{k}] = counts_{self.seed}.get({k}, 0) + 1",
            f"seen_{self.seed}.add({k})", f"box_{self.seed}.value += i", f"box_{self.seed}.value = box_{self.seed}.value + (own & 3)",
            f"total_{self.seed}.append(i) if len(total_{self.seed}) < 6 else None" if r.random() < 0.3 else f"total_{self.seed}[0] -= 1",
        ]
        if "append" in shared[-1]:
            shared[-1] = f"total_{self.seed}.append(number)"
        self.threaded = True
        self.function_depth = 0
        if r.random() < 0.5:
            text = r.choice(THREADS)
            self.paste(text)
        workers = [self.worker_definition(shared) for _ in range(r.randrange(1, 3))]
        calls = ", ".join(f"lambda: {r.choice(workers)}({number})" for number in range(r.randrange(2, 5)))
        self.line(f'print("=== {self.seed}")')
        self.line(f"for result in in_threads([{calls}]):")
        self.line('    show("result", result)')
        self.line(f"total_{self.seed}[2:] = sorted(total_{self.seed}[2:])")
        self.line(f'show("shared", total_{self.seed}, len(total_{self.seed}), sum(total_{self.seed}), dict(sorted(counts_{self.seed}.items())), '
                  f"seen_{self.seed}, box_{self.seed}.value)")
