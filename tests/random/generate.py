#!/usr/bin/env python3
"""A random Python program from a seed; the same text for the same seed on every machine.

A program has global variables, classes, functions, generators and coroutines, and a main part that runs chunks of
statements; an exception that escapes a chunk is printed. Most code is typed, in the sense that a variable keeps one
kind of value, so that loops run on and a compiler has something to specialise; a share is deliberately unstable:
variables, attributes, globals and even methods change kind or meaning in the middle of a loop. Cost is counted
while generating (statements times the iterations of the loops around them), so a program stays short to run.

usage: generate.py SEED [COUNT]     print the batch of programs SEED .. SEED+COUNT-1 as one file
"""
import contextlib
import pathlib
import random
import sys

from definitions import Definitions
from expressions import Expressions
from paste import Paste
from statements import Statements
from threaded import Threaded

HERE = pathlib.Path(__file__).resolve().parent
PRELUDE = (HERE / "prelude.py").read_text()
BUDGET = 12000  # statements executed per program, about

SIMPLE = ["int", "float", "str", "bool", "ints", "floats", "strs", "anys", "pair", "dii", "dsi", "iset", "any"]
KIND_WEIGHTS = [10, 7, 5, 3, 5, 3, 2, 2, 3, 3, 2, 2, 6]


class Generator(Expressions, Statements, Definitions, Paste, Threaded):
    def __init__(self, seed):
        self.seed = seed
        self.r = random.Random(seed)
        self.lines = []
        self.indent = 0
        self.nesting = 0         # blocks around this statement, in this function
        self.counter = 0
        self.vars = []           # (text, kind, writable) in scope
        self.functions = []
        self.generators = []
        self.classes = []
        self.globals = []        # (name, kind)
        self.globals_of_classes = []
        self.cost = 0            # of the function being generated, in statements executed
        self.times = 1           # iterations of the loops around this statement
        self.budget = BUDGET
        self.loop_depth = 0
        self.breakable = False   # inside a loop of this function
        self.result = None       # kind that `return` gives here
        self.function_depth = 0
        self.suffix = ""
        self.choose_templates()
        self.choose_statements()
        self.choose_patterns()

    # Text.

    def line(self, text):
        self.lines.append("    " * self.indent + text)

    @contextlib.contextmanager
    def block(self, head):
        """A suite; variables made in it are forgotten afterwards, mostly: they may be unset."""
        self.line(head)
        self.indent += 1
        self.nesting += 1
        mark, at = len(self.vars), len(self.lines)
        yield
        if len(self.lines) == at:
            self.line("pass")
        self.indent -= 1
        self.nesting -= 1
        if self.r.random() < 0.96:
            del self.vars[mark:]

    def fresh(self, stem):
        self.counter += 1
        return f"{stem}{self.counter}{self.suffix}"

    # Variables.

    def names(self, kind):
        found = [text for text, k, _ in self.vars if k == kind]
        if kind == "any" and self.r.random() < 0.4:
            found += [text for text, k, _ in self.vars if k in ("int", "str", "bool", "pair", "ints")]
        if kind.startswith("obj:"):
            found = [text for text, k, _ in self.vars if k.startswith("obj:") and self.is_subclass(k[4:], kind[4:])]
        if kind == "int" and not found:
            found = [text for text, k, _ in self.vars if k == "bool"]
        return found

    def writable(self, kind):
        return [text for text, k, w in self.vars if k == kind and w]

    @contextlib.contextmanager
    def bound_name(self, name, kind):
        self.vars.append((name, kind, False))
        yield
        self.vars.remove((name, kind, False))

    def kind(self):
        return self.r.choices(SIMPLE, KIND_WEIGHTS)[0]

    def affordable(self, cost):
        return self.cost + self.times * cost < self.budget

    @contextlib.contextmanager
    def function_scope(self, params, result, outer=()):
        """The body of a function: its own variables, and its own cost, which the caller finds in `self.last_cost`."""
        saved = (self.vars, self.cost, self.times, self.loop_depth, self.breakable, self.result, self.budget, self.nesting)
        self.nesting += 1 if outer else -self.nesting
        self.vars = [(t, k, False) for t, k, _ in outer] + [(t, k, True) for t, k in params]
        self.cost, self.times, self.loop_depth, self.breakable, self.result = 0, 1, 0, False, result
        self.budget = min(self.budget, 700)
        self.function_depth += 1
        self.indent += 1
        yield
        self.indent -= 1
        self.function_depth -= 1
        self.last_cost = self.cost + 1
        self.vars, self.cost, self.times, self.loop_depth, self.breakable, self.result, self.budget, self.nesting = saved

    # The program.

    def globals_part(self):
        for _ in range(self.r.randrange(2, 6)):
            kind = self.kind()
            name = self.fresh("G") + f"_{self.seed}"
            self.line(f"{name} = {self.literal(kind)}")
            self.globals.append((name, kind))

    def use_globals(self):
        """At the head of a function: some globals are written here, others only read."""
        self.vars += [(name, kind, True) for name, kind in self.globals_of_classes]
        if not self.globals:
            return
        written = [g for g in self.globals if self.r.random() < 0.5]
        if written:
            self.line("global " + ", ".join(name for name, _ in written))
        self.vars += [(name, kind, (name, kind) in written) for name, kind in self.globals]

    def program(self):
        r = self.r
        self.line(f"# program {self.seed}")
        self.threaded = r.random() < 0.12
        if not self.threaded:
            self.globals_part()
        for _ in range(r.randrange(0, 4)):
            self.class_definition()
        for _ in range(r.randrange(1, 4)):
            self.any_function()
        if r.random() < 0.6:
            self.generator_definition()
        if r.random() < 0.15:
            self.coroutine_definition()
        for _ in range(r.randrange(0, 3)):
            self.any_function()
        if self.threaded:
            self.threaded_main()
        else:
            self.main_part()
        self.line("")
        return "\n".join(self.lines) + "\n"

    def any_function(self):
        if self.r.random() < 0.35:
            self.pattern_definition()
        else:
            self.function_definition()

    def main_part(self):
        at_module_level = self.r.random() < 0.2
        self.line(f'print("=== {self.seed}")')
        if at_module_level:
            self.suffix = f"_{self.seed}"
            self.vars = [(name, kind, True) for name, kind in self.globals]
            self.chunks()
            return
        with self.block(f"def main_{self.seed}():"):
            self.use_globals()
            self.function_depth = 1
            self.chunks()
            self.function_depth = 0
        self.line("try:")
        self.line(f"    main_{self.seed}()")
        self.line("except Exception as error:")
        self.line(f'    oops("main", error)')

    def chunks(self):
        self.line("try:")
        self.indent += 1
        for _ in range(self.r.randrange(3, 8)):
            self.declare()
        self.indent -= 1
        self.line("except Exception as error:")
        self.line('    oops("start", error)')
        for number in range(self.r.randrange(4, 9)):
            mark = len(self.vars)
            with self.block("try:"):
                if self.functions and self.r.random() < 0.5:
                    self.hot_call(self.r.choice(self.functions))
                for _ in range(self.r.randrange(1, 3)):
                    self.loop()
                    self.statement()
                self.show(f"c{number}")
            with self.block("except Exception as error:"):
                self.line(f'oops("c{number}", error)')
            del self.vars[mark:]
        with self.block("try:"):
            self.show("end", 12)
        with self.block("except Exception as error:"):
            self.line('oops("end", error)')

    def hot_call(self, f):
        """A loop around one call, so that every function may become hot."""
        n = min(self.r.choice((20, 40, 80)), (self.budget - self.cost) // (f.cost + 2))
        i, name = self.fresh("i"), self.fresh(f.result[0])
        self.line(f"{name} = {self.literal(f.result)}")
        self.add(name, f.result)
        if n < 3:
            return
        self.cost += n * (f.cost + 2)
        with self.block(f"for {i} in range({n}):"), self.bound_name(i, "int"):
            self.store(name, f.result, self.arguments(f, 1))

    def show(self, where, most=5):
        chosen = self.r.sample(self.vars, min(most, len(self.vars)))
        self.line(f'show("{where}", {", ".join(text for text, _, _ in chosen)})')


def program(seed):
    return Generator(seed).program()


def batch(seeds):
    return PRELUDE + "\n\n" + "\n".join(program(seed) for seed in seeds)


if __name__ == "__main__":
    start = int(sys.argv[1])
    print(batch(range(start, start + (int(sys.argv[2]) if len(sys.argv) > 2 else 1))))
