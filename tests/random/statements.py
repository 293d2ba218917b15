"""Random statements over the variables in scope.

What a statement stores is bounded in size, so that a hot loop cannot make a number or a container explode: by a mask,
a conditional reset, or one of the prelude's functions (lim, trim, bound). Loops end: ranges are constant, while loops
count first, and a loop over a list that its body may lengthen counts, too. A generator that is not run to its end is
closed by the statement that made it: pystm finds out later than CPython that nobody holds it.
"""
import re

from definitions import Function
from expressions import UNTYPED

GROWS_SLOWLY = re.compile(r"[\w +\-.]*")

STATEMENTS = [
    (10, "assign"), (6, "augment"), (4, "unpack"), (6, "branch"), (6, "loop"), (6, "call_statement"), (4, "attempt"), (1, "with_block"), (4, "mutate_list"),
    (3, "mutate_dict"), (2, "mutate_set"), (4, "untyped"), (3, "change_kind"), (1, "closure"), (2, "leave"), (1, "matching"),
    (2, "generator_use"), (1, "rebind"), (2, "objects"), (1, "checksum"), (1, "declare"), (1, "assertion"), (1, "walrus"),
    (1, "delete"), (1, "lambda_variable"), (1, "break_kind"), (1, "build_string"),
    (5, "pattern_statement"),
]
COMPOUND = {"branch", "loop", "attempt", "with_block", "closure", "matching", "untyped", "generator_use", "delete", "pattern_statement"}
MOST_LINES = 600  # a longer program gets simple statements only


class Statements:
    """Mixed into the generator."""

    def choose_statements(self):
        self.statement_names = [name for _, name in STATEMENTS]
        self.statement_weights = [w * self.r.choice((0.2, 1, 1, 1, 3)) for w, _ in STATEMENTS]

    def statement(self):
        self.cost += self.times
        name = self.r.choices(self.statement_names, self.statement_weights)[0]
        if name in COMPOUND and (self.nesting >= 3 or self.r.random() * MOST_LINES < len(self.lines)):
            name = self.r.choice(("assign", "augment", "unpack"))
        getattr(self, name)()

    def body(self, most=4):
        for _ in range(self.r.randrange(1, most)):
            self.statement()

    def add(self, name, kind, writable=True):
        self.vars.append((name, kind, writable))
        if kind.startswith("obj:"):
            for field, field_kind in self.class_named(kind[4:]).fields:
                self.vars.append((f"{name}.{field}", field_kind, True))

    def rare(self):
        """A condition that holds in few iterations of the innermost loop, or in one."""
        r = self.r
        counters = [text for text, k, _ in self.vars if k == "int" and text[0] in "iw"]
        if counters and r.random() < 0.85:
            counter = counters[-1] if r.random() < 0.7 else r.choice(counters)
            return r.choice([f"{counter} == {r.randrange(0, 60)}", f"{counter} % {r.randrange(7, 40)} == {r.randrange(0, 7)}",
                             f"{counter} > {r.randrange(5, 120)}", f"not {counter} & {r.choice((7, 15, 31))}"])
        return self.fill("<int> % 23 == <n>", 1)

    # Stores.

    def store(self, name, kind, text):
        r = self.r
        if kind == "int":
            p = r.random()
            if p < 0.15 and GROWS_SLOWLY.fullmatch(text) and self.times < 500:
                self.line(f"{name} = {text}")
            elif p < 0.4:
                self.line(f"{name} = ({text}) & {r.choice(('0xff', '0xffff', '0x3fffffff', '0xffffffff', '(1 << 62) - 1', '(1 << 64) - 1'))}")
            elif p < 0.55:
                self.line(f"{name} = ({text}) % {r.choice((7, 97, 10007, 1000003))}")
            elif p < 0.75:
                self.line(f"{name} = {text}")
                limit = r.choice(("1000", "1 << 31", "1 << 62", "1 << 64", "1 << 80"))
                self.line(f"if not -({limit}) < {name} < {limit}:")
                self.line(f"    {name} = {r.choice((f'{name} % 1009', '1', '-3', f'{name} & 255'))}")
            else:
                self.line(f"{name} = lim({text})")
        elif kind == "float":
            self.line(f"{name} = {text}")
            if r.random() < 0.6:
                self.line(f"if not -1e{r.choice((3, 9, 200))} < {name} < 1e6:")
                self.line(f"    {name} = {r.choice(('0.5', '-0.0', '-1.25'))}")
        elif kind == "str":
            p = r.random()
            if p < 0.4:
                self.line(f"{name} = ({text})[:{r.randrange(3, 24)}]")
            elif p < 0.7:
                self.line(f"{name} = ({text})[-{r.randrange(3, 24)}:]")
            else:
                self.line(f"{name} = {text}")
                self.line(f"if len({name}) > {r.randrange(10, 60)}:")
                self.line(f"    {name} = {r.choice((f'{name}[3:8]', repr('reset'), repr('')))}")
        elif kind == "bool" or kind.startswith("obj:"):
            self.line(f"{name} = {text}")
        elif kind == "floats":
            self.line(f"{name} = ({text})[:{r.randrange(3, 30)}]")
        elif kind == "any":
            self.line(f"{name} = trim({text})")
        else:
            self.line(f"{name} = bound({text})")

    def target(self):
        """Something to store to, and its kind."""
        kind = self.kind()
        names = self.writable(kind)
        if names:
            return self.r.choice(names), kind
        candidates = [(t, k) for t, k, w in self.vars if w and not k.startswith("obj:")]
        return self.r.choice(candidates) if candidates else (None, None)

    def assign(self):
        name, kind = self.target()
        if name is None:
            return self.declare()
        self.store(name, kind, self.expression(kind, self.r.randrange(1, 4)))

    def declare(self):
        r = self.r
        if self.classes and r.random() < 0.25:
            c = r.choice(self.classes)
            name = self.fresh("o")
            self.line(f"{name} = {self.new_object(c.name)}")
            return self.add(name, "obj:" + c.name)
        kind = self.kind()
        name = self.fresh(kind[0])
        self.store(name, kind, self.expression(kind, r.randrange(0, 3)))
        self.add(name, kind)

    def call_statement(self):
        """Calls something for a value that is kept."""
        kinds = list({f.result for f in self.functions} | {"int"})
        kind = self.r.choice(sorted(kinds))
        text = self.call(kind, 2)
        if text is None:
            return self.assign()
        names = self.writable(kind)
        name = self.r.choice(names) if names else self.fresh(kind[0])
        self.store(name, kind, text)
        if not names:
            self.add(name, kind)

    def augment(self):
        name, kind = self.target()
        if kind == "int":
            op = self.r.choice(("+", "+", "+", "-", "*", "^", "|", "&", "//", "%", "<<", ">>"))
            right = self.expression("int", 2)
            if op in ("//", "%"):
                right = f"({right}) | 1"
            elif op in ("<<", ">>"):
                right = f"({right}) & 7"
            self.line(f"{name} {op}= {right}")
            self.line(f"if not -LIMIT < {name} < LIMIT:")
            self.line(f"    {name} %= 1000003")
        elif kind == "float":
            self.line(f"{name} {self.r.choice('+-*')}= {self.expression('float', 2)}")
        elif kind == "str":
            self.line(f"{name} += {self.expression('str', 1)}")
            self.line(f"{name} = {name}[-{self.r.randrange(4, 30)}:]")
        elif kind in ("ints", "anys"):
            self.line(f"{name} += {self.expression(kind, 1)}")
            self.line(f"if len({name}) > 40:")
            self.line(f"    del {name}[{self.r.randrange(0, 9)}:]")
            self.line(f"bound({name})")
        elif kind == "iset":
            self.line(f"{name} {self.r.choice('|&^-')}= {self.expression('iset', 1)}")
            self.store(name, kind, name)
        else:
            self.assign()

    def unpack(self):
        r = self.r
        ints = self.writable("int")
        if len(ints) < 3:
            return self.assign()
        a, b, c = r.sample(ints, 3)
        self.line(r.choice([
            f"{a}, {b} = {b}, {a}", f"{a}, {b}, {c} = {c}, {a}, {b}", f"{a}, {b} = bound({self.expression('pair', 2)})",
            f"({a}, {b}), {c} = bound({self.expression('pair', 1)}), {r.randrange(99)}",
            f"{a}, *{self.fresh('rest')} = [{b}, {c}, *{self.leaf('ints')}]", f"*{self.fresh('rest')}, {a} = ({c}, {b})",
            f"{a} = {b} = {r.randrange(1000)}", f"{a}, {b} = bound(divmod({c}, {r.choice((3, 7, -5, 1000))}))",
            f"{a}, {b} = bound([{c}, {self.leaf('int')}])", f"[{a}, {b}] = bound(({self.leaf('int')}, {c}))",
        ]))

    def delete(self):
        """A local that is unset for a while."""
        name = self.fresh("d")
        self.line(f"{name} = {self.expression('int', 1)}")
        with self.block(f"if {self.rare()}:"):
            self.line(f"del {name}")
        with self.block("try:"):
            self.store_int(f"{name} + 1")
        with self.block("except NameError as error:"):
            self.store_int("len(type(error).__name__)")

    def store_int(self, text):
        names = self.writable("int")
        if names:
            self.store(self.r.choice(names), "int", text)
        else:
            self.line(text)

    # Control.

    def branch(self):
        with self.block(f"if {self.rare() if self.r.random() < 0.4 else self.expression('bool', 2)}:"):
            self.body()
        while self.r.random() < 0.25:
            with self.block(f"elif {self.expression('bool', 1)}:"):
                self.body(3)
        if self.r.random() < 0.5:
            with self.block("else:"):
                self.body()

    def walrus(self):
        name = self.fresh("y")
        with self.block(f"if ({name} := {self.expression('int', 2)}) % {self.r.randrange(2, 9)}:"):
            with self.bound_name(name, "int"):
                self.store_int(self.expression("int", 2))

    def leave(self):
        """break, continue or return, seldom taken."""
        choices = []
        if self.breakable:
            choices += ["break", "continue", "continue"]
        if self.result is not None:
            choices.append(f"return {self.expression(self.result, 1)}")
        if not choices:
            return self.assign()
        self.line(f"if {self.rare()}:")
        self.line(f"    {self.r.choice(choices)}")

    def loop(self):
        r = self.r
        room = (self.budget - self.cost) // (self.times * 5)
        if room < 4 or self.loop_depth >= 3 or self.indent > 12:
            return self.assign()
        outer = self.loop_depth == 0 and self.function_depth <= 1
        n = min(r.choice((50, 60, 90, 130, 200, 300, 400)) if outer else r.choice((2, 3, 5, 8, 13, 20)), room)
        forms = ["range"] * 6 + ["while"] * 3 + ["list", "enumerate", "zip", "items", "text", "reversed", "range2", "raw_list", "step"]
        forms += ["generator"] * 2 * bool(self.generators) + ["objects"] * 2 * bool(self.classes)
        form = r.choice(forms)
        if form in ("list", "enumerate", "zip", "items", "text", "reversed", "raw_list") and outer and r.random() < 0.7:
            form = "range"  # those are short: better inside
        saved = self.breakable, self.loop_depth, self.times
        mark = len(self.vars)
        i = self.fresh("i")
        guard = None
        bound = [(i, "int", True)]
        if form == "range":
            head = f"for {i} in range({n}):"
        elif form == "range2":
            start = r.randrange(-20, 20)
            head = f"for {i} in range({start}, {start + n}):"
        elif form == "step":
            step = r.choice((2, 3, -1, -7, 1 << 60))
            head = f"for {i} in range({r.randrange(9)}, {r.randrange(9) + n * step}, {step}):"
        elif form == "while":
            self.line(f"w{i} = 0")
            head = f"while w{i} < {n}" + (f" and not ({self.rare()})" if r.random() < 0.15 else "") + ":"
            bound = [(f"w{i}", "int", False)]
            guard = f"w{i} += 1"
        elif form == "list":
            head, n = f"for {i} in {self.leaf('ints')}[:{n}]:", min(n, 12)
        elif form == "raw_list":
            self.line(f"w{i} = 0")
            head, guard, n = f"for {i} in {self.leaf('ints')}:", f"w{i} += 1", min(n, 20)
        elif form == "reversed":
            head, n = f"for {i} in reversed({self.expression('ints', 1)}):", min(n, 12)
        elif form == "enumerate":
            kind = r.choice(("ints", "floats", "strs", "anys"))
            head, n = f"for {i}, e{i} in enumerate(list({self.expression(kind, 1)})):", min(n, 12)
            bound.append(("e" + i, {"ints": "int", "floats": "float", "strs": "str", "anys": "any"}[kind], False))
        elif form == "zip":
            head, n = f"for {i}, e{i} in zip({self.expression('ints', 1)}[:], {self.expression('floats', 1)}[:]):", min(n, 12)
            bound.append(("e" + i, "float", False))
        elif form == "items":
            mutable = r.random() < 0.3
            text = self.leaf("dii")
            head, n = f"for {i}, e{i} in {text if mutable else f'dict({text})'}.items():", min(n, 12)
            bound.append(("e" + i, "int", False))
        elif form == "text":
            head, n = f"for {i} in {self.expression('str', 2)}:", min(n, 12)
            bound = [(i, "str", True)]
        elif form == "generator":
            g = r.choice(self.generators)
            if g.visible or not self.affordable(g.cost):
                return self.assign()
            n = 15
            head = f"for {i} in {self.arguments(g, 1)}:"
        else:
            met = [r.choice(self.classes) for _ in range(r.randrange(1, 5))]
            act = max(m.cost for c in met for m in c.methods if m.name == "act")
            if not self.affordable((act + 3) * n):
                return self.assign()
            self.cost += self.times * n * (act + 3)
            items = ", ".join(self.new_object(c.name) for c in met)
            self.line(f"l{i} = [{items}] * {max(1, n // 4)}")
            head = f"for {i} in l{i}:"
            base = self.classes[0].name
            bound = [(i, "obj:" + base, False)]
        self.times *= max(n, 1)
        self.cost += self.times
        self.breakable, self.loop_depth = True, self.loop_depth + 1
        with self.block(head):
            if guard:
                self.line(guard)
                if form == "raw_list":
                    self.line(f"if w{i} > 60:")
                    self.line("    break")
            for name, kind, writable in bound:
                self.vars.append((name, kind, writable and r.random() < 0.5))
            if form == "objects":
                self.store_int(f"{i}.act({self.leaf('int')})")
            self.body(6 if self.times < 100 else 5)
            self.store_int(self.expression("int", 2))
        self.breakable, self.loop_depth, self.times = saved
        if r.random() < 0.15:
            with self.block("else:"):
                self.body(3)
        if self.loop_depth == 0 and self.function_depth <= 1 and not self.threaded and r.random() < 0.5:
            self.show("after", 4)
        del self.vars[mark:]

    # Exceptions.

    def raising(self):
        return self.r.choice([
            f"raise Fault({self.leaf('str')}, {self.leaf('int')})", "raise ValueError('v')", "raise KeyError('k')", f"raise IndexError({self.leaf('int')})",
            "[][1]", "{}['x']", "int('z')", "1 // 0", "(None).foo", "1.5 % 0.0", "'a' + 1", f"({self.leaf('ints')})[99]", "raise Fault('cause') from ValueError('c')",
            "undefined_name", "assert False, 'asserted'", "(1, 2)[5]", "a, b = (1, 2, 3)", "raise StopIteration(3)", "float('w')",
        ])

    def attempt(self):
        r = self.r
        handled = r.random() < 0.9
        with self.block("try:"):
            self.body(3)
            self.line(f"if {self.rare()}:")
            self.line(f"    {self.raising()}")
            self.body(2)
        if handled:
            if r.random() < 0.4:
                with self.block("except Fault as error:"):
                    self.store_int("error.place + len(str(error))")
                    self.body(2)
            if r.random() < 0.4:
                with self.block("except (ValueError, KeyError) as error:"):
                    self.store_text("str(error)")
                    self.leave()
            with self.block(f"except Exception{' as error' if r.random() < 0.5 else ''}:"):
                self.body(3)
                if r.random() < 0.1:
                    self.line("raise")
            if r.random() < 0.3:
                with self.block("else:"):
                    self.body(3)
        if not handled or r.random() < 0.25:
            with self.block("finally:"):
                self.body(3)
                if r.random() < 0.2:
                    self.leave()

    def store_text(self, text):
        names = self.writable("str")
        if names:
            self.line(f"{self.r.choice(names)} = {text}[:20]")
        else:
            self.line(text)

    def with_block(self):
        logs = self.names("anys")
        log = self.r.choice(logs) if logs else "[]"
        with self.block(f"with Guarded({log}{self.r.choice(('', ', Exception', ', ValueError', ', LookupError'))}):"):
            self.body(3)
            if self.r.random() < 0.6:
                self.line(f"if {self.rare()}:")
                self.line(f"    {self.raising()}")
            if self.r.random() < 0.2:
                self.leave()

    def assertion(self):
        self.line(f"assert {self.expression('bool', 1)} or {self.leaf('int')} is not None, {self.leaf('str')}")

    # Containers.

    def mutate_list(self):
        r = self.r
        kind = r.choice(("ints", "ints", "floats", "strs", "anys"))
        names = self.names(kind)
        if not names:
            return self.assign()
        x = r.choice(names)
        item = self.expression({"ints": "int", "floats": "float", "strs": "str", "anys": "scalar"}[kind], 2)
        if kind == "ints":
            item = r.choice((f"lim({item})", f"({item}) & 0xffff", f"({item}) % 101"))
        elif kind != "floats":
            item = f"trim({item})"
        k = self.expression("int", 1)
        self.line(r.choice([
            f"{x}.append({item})", f"{x}.append({item})", f"{x}.append({item})", f"{x}.insert({k} % 7, {item})", f"{x}.pop() if {x} else None",
            f"{x}.pop(0) if len({x}) > 3 else None", f"{x}[({k}) % len({x})] = {item} if {x} else {x}", f"{x}[1:3] = [{item}]", f"{x}[::2] = {x}[1::2] + {x}[:len({x}) % 2]",
            f"{x}.extend({x}[:3])", f"{x}.reverse()", f"{x}.sort({'' if kind in ('ints', 'strs') else 'key=repr'})", f"{x}.clear()", f"del {x}[{r.randrange(0, 4)}:{r.randrange(4, 9)}]",
            f"{x}[0:0] = ({item}, {item})", f"{x}[-1:] = []", f"{x} and {x}.remove({x}[0])", f"{x}.copy().append({item})",
        ]))
        self.line(f"if len({x}) > {r.randrange(20, 60)}:")
        self.line(f"    {r.choice((f'del {x}[4:]', f'{x}[:] = {x}[:5]', f'{x}.clear()'))}")

    def mutate_dict(self):
        r = self.r
        kind = r.choice(("dii", "dsi"))
        names = self.names(kind)
        if not names:
            return self.assign()
        d = r.choice(names)
        key = f"({self.expression('int', 1)}) & {r.choice((3, 15, 31))}" if kind == "dii" else f"({self.expression('str', 1)})[:2]"
        value = f"lim({self.expression('int', 2)})"
        self.line(r.choice([
            f"{d}[{key}] = {value}", f"{d}[{key}] = {value}", f"{d}[{key}] = {d}.get({key}, 0) + 1", f"{d}.setdefault({key}, {value})", f"{d}.pop({key}, None)",
            f"{d}.update({self.expression(kind, 1)})", f"{d}.popitem() if {d} else None", f"{d}.pop(next(iter({d})), 0) if {d} else 0", f"del {d}[{key}]" if r.random() < 0.1 else f"{d}[{key}] = 1",
        ]))
        self.line(f"if len({d}) > {r.randrange(12, 40)}:")
        self.line(f"    {d}.clear()")
        self.line(f"bound({d})")

    def mutate_set(self):
        names = self.names("iset")
        if not names:
            return self.assign()
        s, item = self.r.choice(names), f"({self.expression('int', 1)}) % {self.r.choice((13, 50, 1009))}"
        self.line(self.r.choice([f"{s}.add({item})", f"{s}.add({item})", f"{s}.discard({item})", f"{s}.update({self.leaf('ints')}[:9])",
                                 f"{s}.difference_update({{{item}}})", f"{s}.symmetric_difference_update({{{item}, 5}})"]))
        self.line(f"if len({s}) > 30:")
        self.line(f"    {s}.clear()")

    def build_string(self):
        parts, i = self.fresh("parts"), self.fresh("i")
        self.times *= 6
        if self.affordable(4):
            self.cost += self.times * 3
            self.line(f"{parts} = []")
            with self.block(f"for {i} in range({self.r.randrange(2, 12)}):"):
                with self.bound_name(i, "int"):
                    self.line(f"{parts}.append({self.expression('str', 2)})")
            self.store_text(f"{self.r.choice((repr(''), repr(', ')))}.join({parts})")
        self.times //= 6

    # Instability.

    def untyped(self):
        r = self.r
        names = self.writable("any")
        target = r.choice(names) if names else None
        text = self.fill(r.choice(UNTYPED), 1)
        with self.block("try:"):
            if target:
                self.line(f"{target} = trim({text})")
            else:
                self.line(text)
        if r.random() < 0.7:
            with self.block("except Exception as error:"):
                text = r.choice(("str(error)[:40]", "type(error).__name__", self.expression("scalar", 1)))
                self.line(f"{target} = {text}" if target else text)
        else:
            with self.block("except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError):"):
                self.line(f"{target} = {self.expression('any', 1)}" if target else "pass")

    def change_kind(self):
        """A variable or attribute whose kind depends on where the loop is."""
        names = self.writable("any")
        if not names:
            name = self.fresh("a")
            self.line(f"{name} = {self.literal(self.kind())}")
            return self.add(name, "any")
        name = self.r.choice(names)
        self.line(f"if {self.rare()}:")
        self.line(f"    {name} = trim({self.expression('any', 2)})")
        if self.r.random() < 0.4:
            self.line("else:")
            self.line(f"    {name} = trim({self.expression(self.r.choice(('int', 'float', 'str')), 2)})")

    def break_kind(self):
        """A typed variable that loses its kind, once in a while; what depends on it may raise from then on."""
        name, kind = self.target()
        if name is None or self.r.random() < 0.6 or kind in ("ints", "dii", "iset"):
            return self.assign()
        self.line(f"if {self.rare()}:")
        self.line(f"    {name} = {self.expression(self.r.choice(('int', 'float', 'bool')), 1) if kind in ('int', 'float', 'bool') else self.leaf('scalar')}")
        if kind in ("int", "bool"):
            self.line(f"{name} = trim({name})")

    def rebind(self):
        """Methods, functions and classes change their meaning in the middle of a loop."""
        r = self.r
        if self.threaded:
            return self.assign()
        choices = []
        for c in self.classes:
            choices += [f"{c.name}.act = lambda self, x: {self.fill('x * <n> + <n7>', 0)}",
                        f"{c.name}.bonus = {r.choice(('1', '2.5', repr('s'), 'None', '1 << 63'))}"]
        if not choices:
            return self.assign()
        self.line(f"if {self.rare()}:")
        self.line(f"    {r.choice(choices)}")

    def lambda_variable(self):
        name = self.fresh("f")
        x = self.fresh("x")
        default = self.leaf("int")
        with self.bound_name(x, "int"):
            self.line(f"{name} = lambda {x}, k={default}: {self.expression('int', 2)}")
        self.store_int(self.r.choice((f"{name}({self.leaf('int')})", f"sum(map({name}, {self.leaf('ints')}))", f"{name}(k=3, {x}={self.leaf('int')})")))

    def matching(self):
        r = self.r
        subject = self.expression(r.choice(("any", "pair", "int", "anys", "dsi", "str")), 1)
        a, b = self.fresh("m"), self.fresh("m")
        cases = [("0 | 1 | 2", []), (f"int({a})", [(a, "int")]), (f"float({a})", [(a, "float")]), (f"str({a}) if {a}", [(a, "str")]), ("None", []),
                 (f"[{a}]", []), (f"({a}, {b}) if {a} != {b}", []), (f"[{a}, *{b}]", []), (f"{{'k': int({a})}}", [(a, "int")]), ("True | False", []), ("'a' | 'abc'", []),
                 (f"{{'a': {a}, **{b}}}", []), (f"[int({a}) | str({a}), _]", [(a, "any")])]
        for c in self.classes[:1]:
            cases.append((f"{c.name}()", []))
        with self.block(f"match {subject}:"):
            for pattern, bound in r.sample(cases, r.randrange(1, 5)):
                with self.block(f"case {pattern}:"):
                    self.vars += [(name, kind, False) for name, kind in bound]
                    self.body(3)
            if r.random() < 0.6:
                with self.block("case _:"):
                    self.body(2)

    # Functions, generators, objects.

    def closure(self):
        """A nested function that reads and writes variables around it."""
        r = self.r
        # What a closure at module level writes is global, what one in it wrote would be nonlocal: one level only.
        if self.function_depth > 2 or (self.threaded and self.function_depth > 1) or (self.suffix and self.function_depth):
            return self.assign()
        name, p = self.fresh("inner"), self.fresh("p")
        local = [(t, k, w) for t, k, w in self.vars if t.isidentifier() and t[0] != "G" and t != "q"]
        written = [v for v in local if v[2] and v[1] in ("int", "str", "float", "any", "pair") and r.random() < 0.4][:3]
        written = [v for v in written if self.function_depth or v[0].endswith(self.suffix)]
        self.line(f"def {name}({p}, q={self.leaf('int')}):")
        with self.function_scope([(p, "int"), ("q", "int")], "int", outer=self.vars):
            if written:
                self.line(("nonlocal " if self.function_depth > 1 else "global ") + ", ".join(t for t, _, _ in written))
                self.vars = [(t, k, True if (t, k, True) in written else w) for t, k, w in self.vars]
            self.body(4)
            self.line(f"return {self.expression('int', 2)}")
        called = Function(name, [(p, "int", None), ("q", "int", "0")], "int", self.last_cost)
        if self.affordable(self.last_cost):
            self.cost += self.times * self.last_cost
            self.store_int(self.arguments(called, 1))

    def generator_use(self):
        """Runs a generator by hand: next, send, throw, close."""
        r = self.r
        if not self.generators:
            return self.assign()
        g = r.choice(self.generators)
        if not self.affordable(g.cost):
            return self.assign()
        self.cost += self.times * g.cost
        name, got = self.fresh("g"), self.fresh("got")
        self.line(f"{name} = {self.arguments(g, 1)}")
        with self.block("try:"):
            self.line(f"{got} = next({name})")
            for _ in range(r.randrange(1, 5)):
                self.line(r.choice([f"{got} += next({name})", f"{got} ^= {name}.send({self.leaf('int')})", f"{got} -= next({name}, 7)", f"{got} += {name}.send(None)",
                                    f"{got} += sum({name})", f"{got} += len([v for v in {name} if v != 3])", f"{got} += {name}.throw(Fault('thrown', 2))"]))
            self.store_int(got)
        with self.block("except StopIteration as stop:"):
            self.store_text("plain(stop.value)")
        with self.block("except Fault as error:"):
            self.store_int("error.place")
        self.line("finally:")
        self.line(f"    {name}.close()")

    def objects(self):
        """Attribute traffic on one object, or operators of its class."""
        r = self.r
        found = [(t, k) for t, k, _ in self.vars if k.startswith("obj:")]
        if not found:
            return self.declare()
        o, kind = r.choice(found)
        c = self.class_named(kind[4:])
        act = next(m.cost for m in c.methods if m.name == "act")
        choices = [f"{self.leaf('int')} + 1"]
        if self.affordable(act):
            self.cost += self.times * act
            choices = [f"{o}.act({self.leaf('int')})"]
        for operator_kind, text in c.operators:
            if operator_kind == "int":
                choices.append(text.replace("<o>", o).replace("<int>", self.leaf("int")))
        self.store_int(r.choice(choices))
        if not self.threaded and self.function_depth < 2 and r.random() < 0.3:
            with self.block("try:"):
                self.line(r.choice((f"del {o}.{r.choice(c.fields)[0]}", f"{o}.extra = {self.leaf('scalar')}", f"{o}.__class__ = {r.choice(self.classes).name}",
                                    f"setattr({o}, 'extra', getattr({o}, 'extra', 0) + 1)")) if r.random() < 0.5 else f"hasattr({o}, 'extra') and {o}.extra")
            with self.block("except (AttributeError, TypeError) as error:"):
                self.store_text("str(error)")

    def checksum(self):
        name = self.fresh("h")
        self.line(f"{name} = mix({self.leaf('int')} & 0xffff, {self.leaf(self.kind())})")
        self.cost += self.times * 5
        self.add(name, "int")
