"""Random classes, functions, generators and coroutines, and calls of them.

A function calls only what was defined before it, apart from one recursion scheme that counts down, so every call
ends. Parameters have kinds; a call passes them by position, by keyword, through * or ** or leaves out defaults.
"""


class Function:
    """A callable of the program: how to call it, what it gives, what a call costs."""

    def __init__(self, name, params, result, cost):
        self.name, self.params, self.result, self.cost = name, params, result, cost
        self.star = False     # takes more ints by position
        self.visible = False  # a generator whose end prints


class Class:
    def __init__(self, name, base, fields):
        self.name, self.base, self.fields = name, base, fields
        self.init = []        # parameters of __init__: (name, kind, default)
        self.methods = []     # Functions without self
        self.operators = []   # templates with <o> for the object: (kind, text)


class Definitions:
    """Mixed into the generator."""

    # Calls.

    def call(self, kind, depth):
        """An expression of that kind that calls something, or None."""
        r = self.r
        inside = any(text.startswith("x") for text, _, _ in self.vars)
        factor = 10 if inside else 1
        found = [(f, None) for f in self.functions if f.result == kind]
        for text, k, _ in self.vars:
            if k.startswith("obj:"):
                c = self.class_named(k[4:])
                found += [(m, text) for m in c.methods if m.result == kind]
                found += [(operator_text, text) for operator_kind, operator_text in c.operators if operator_kind == kind]
        if kind == "int":
            found += [(g, "sum") for g in self.generators if not g.visible]
        if not found:
            return None
        f, receiver = r.choice(found)
        if isinstance(f, str):
            cost = 8
            text = f.replace("<o>", receiver).replace("<int>", "(" + self.leaf("int") + ")")
        else:
            cost = f.cost
            text = None
        if not self.affordable(cost * factor) or cost * factor * self.times > self.budget // 3:
            return None
        self.cost += self.times * cost * factor
        if text is not None:
            return text
        if receiver == "sum":
            return f"sum({self.arguments(f, 0)})"
        return (f"{receiver}." if receiver else "") + self.arguments(f, depth)

    def arguments(self, f, depth):
        r = self.r
        parts, by_keyword = [], False
        style = r.random()
        for number, (name, kind, default) in enumerate(f.params):
            if default is not None and r.random() < 0.4:
                by_keyword = True
                continue
            text = self.expression(kind, depth)
            only_keyword = name.startswith("k")
            if by_keyword or only_keyword or (style < 0.2 and r.random() < 0.5):
                by_keyword = True
                parts.append(f"{name}={text}" if style > 0.06 else f"**{{'{name}': {text}}}")
            elif style > 0.93:
                parts.append(f"*[{text}]")
            else:
                parts.append(text)
        if f.star and not by_keyword:
            parts += [self.expression("int", 0) for _ in range(r.randrange(0, 4))]
        return f"{f.name}({', '.join(parts)})"

    # Functions.

    def parameters(self, most=4):
        r = self.r
        params, has_default = [], False
        for _ in range(r.randrange(0, most)):
            kind = self.kind()
            default = None
            if has_default or r.random() < 0.3:
                default = self.literal(kind) if kind in ("int", "float", "str", "bool", "any", "pair") else None
                has_default = True
                if default is None:
                    kind, default = "int", "5"
            params.append((self.fresh("p"), kind, default))
        return params

    @staticmethod
    def parameter_text(params):
        return ", ".join(name if default is None else f"{name}={default}" for name, _, default in params)

    def function_definition(self):
        r = self.r
        name = self.fresh("fn") + f"_{self.seed}"
        result = r.choice(("int", "int", "int", "float", "str", "ints", "pair", "bool", "any"))
        if r.random() < 0.15:
            return self.recursive_definition(name)
        params = self.parameters()
        star = r.random() < 0.12 and all(d is None for _, _, d in params)
        text = self.parameter_text(params)
        keyword_only = []
        if star:
            text += (", " if text else "") + "*rest"
        if r.random() < 0.2:
            keyword_only = [(self.fresh("k"), "int", str(r.randrange(9)))]
            text += (", " if text else "") + ("" if star else "*, ") + self.parameter_text(keyword_only)
        if r.random() < 0.15 and not star:
            self.line("@" + self.decorator_definition())
        self.line(f"def {name}({text}):")
        every = params + keyword_only
        with self.function_scope([(n, k) for n, k, _ in every], result):
            if star:
                self.line("rest = bound(list(rest))")
                self.vars.append(("rest", "ints", True))
            self.function_body(result)
        function = Function(name, every, result, self.last_cost)
        function.star = star
        self.functions.append(function)

    def decorator_definition(self):
        """A decorator that counts the calls and passes everything on."""
        name = self.fresh("deco") + f"_{self.seed}"
        mark = self.lines.pop() if self.lines and self.lines[-1].startswith("@") else None
        self.line(f"def {name}(function):")
        self.line("    calls = 0")
        self.line("    def wrapper(*args, **named):")
        self.line("        nonlocal calls")
        self.line("        calls += 1")
        self.line("        return function(*args, **named)")
        self.line("    return wrapper")
        if mark:
            self.lines.append(mark)
        return name

    def function_body(self, result):
        r = self.r
        if not self.threaded:
            self.use_globals()
        for _ in range(r.randrange(0, 3)):
            self.declare()
        self.body(4)
        if r.random() < 0.45:
            self.loop()
        if r.random() < 0.1:
            self.line(f"if {self.rare()}:")
            self.line(f"    {self.raising()}")
        self.line(f"return {self.expression(result, 3)}")

    def recursive_definition(self, name):
        """Counts down its first parameter; once, twice or through a loop."""
        r = self.r
        n, a = self.fresh("p"), self.fresh("p")
        self.line(f"def {name}({n}, {a}=1):")
        with self.function_scope([(a, "int")], "int"):
            self.vars.append((n, "int", False))
            self.line(f"if {n} <= 0:")
            self.line(f"    return {self.expression('int', 1)}")
            self.body(3)
            scheme = r.choice([f"{name}({n} - 1, {a} + 1) + {self.leaf('int')}", f"{name}({n} - 1) - {name}({n} - 2, {a})",
                               f"sum([{name}({n} - k, {a} ^ k) for k in range(2, 4)])", f"{name}({n} - 1, lim({a} * 3)) ^ {n}"])
            self.line(f"return lim({scheme})")
        depth = 7 if scheme.count(name) > 1 or "sum" in scheme else 25
        wrapper = self.fresh("fn") + f"_{self.seed}"
        self.line(f"def {wrapper}(p, q=2):")
        self.line(f"    return {name}(p % {depth}, q)")
        self.functions.append(Function(wrapper, [("p", "int", None), ("q", "int", "2")], "int", self.last_cost * 25 + 5))

    # Generators and coroutines.

    def generator_definition(self):
        r = self.r
        name = self.fresh("gen") + f"_{self.seed}"
        self.line(f"def {name}(n, p=3):")
        visible = r.random() < 0.4 and not self.threaded
        with self.function_scope([("p", "int")], None):
            got, total, i = self.fresh("y"), self.fresh("y"), self.fresh("i")
            self.line(f"{total} = p")
            self.vars.append((total, "int", True))
            if visible:
                self.line("try:")
                self.indent += 1
            with self.block(f"for {i} in range(n % 16):"):
                self.vars.append((i, "int", False))
                self.times, self.loop_depth, self.breakable = 16, 1, True
                self.body(3)
                self.line(r.choice((f"{got} = yield {total} & 0xffff", f"{got} = yield {i}", f"{got} = yield ({self.expression('int', 1)}) & 0xfff")))
                self.line(f"if {got} is not None:")
                self.line(f"    {total} += {got} & 0xff")
                if r.random() < 0.5:
                    with self.block(f"if {self.rare()}:"):
                        self.line(f"yield {total} & 0xff")
                self.store(total, "int", f"{total} + {i}")
            self.times, self.loop_depth, self.breakable = 1, 0, False
            if r.random() < 0.3:
                self.line("yield from (1, 2)")
            others = [g for g in self.generators if not g.visible]
            if others and r.random() < 0.5:
                self.line(f"{total} = lim({total} + ((yield from {r.choice(others).name}(n // 2)) or 0))")
            if visible:
                self.indent -= 1
                self.line("finally:")
                self.line(f'    show("gen closed", {total})')
            self.line(f"return {total}")
        g = Function(name, [("n", "int", None), ("p", "int", "3")], "int", self.last_cost + 30)
        g.visible = visible
        self.generators.append(g)

    def coroutine_definition(self):
        """Coroutines, driven by hand, and an asynchronous generator under one of them."""
        r = self.r
        tag = f"{self.fresh('co')}_{self.seed}"
        self.line(f"async def {tag}_source(n):")
        self.line("    for i in range(n):")
        self.line(f"        v = await Later(i * {r.randrange(2, 9)})")
        self.line(f"        if i % {r.randrange(2, 5)}:")
        self.line("            yield v + i")
        self.line(f"async def {tag}_leaf(n):")
        self.line(f"    total = {r.randrange(9)}")
        self.line("    async for v in " + f"{tag}_source(n):")
        self.line("        total = total * 3 + v")
        self.line(f"    if total % {r.randrange(2, 7)} == 0:")
        self.line("        raise Fault('leaf', n)")
        self.line("    return total")
        self.line(f"async def {tag}(n):")
        self.line("    results = []")
        self.line("    for k in range(n):")
        self.line("        try:")
        self.line(f"            results.append(await {tag}_leaf(k))")
        self.line("        except Fault as error:")
        self.line("            results.append(-error.place)")
        self.line("        finally:")
        self.line("            results.append(0)")
        self.line("    return results")
        self.line(f"for n in range({r.randrange(4, 12)}):")
        self.line(f'    show("coroutine", drive({tag}(n), [k * {r.randrange(1, 5)} for k in range({r.randrange(5, 60)})]))')

    # Classes.

    def class_named(self, name):
        return next(c for c in self.classes if c.name == name)

    def is_subclass(self, name, base):
        c = self.class_named(name)
        return name == base or (c.base is not None and self.is_subclass(c.base.name, base))

    def new_object(self, name):
        c = self.class_named(name)
        return f"{name}({', '.join(self.leaf(kind) for _, kind, _ in c.init)})"

    def class_definition(self):
        r = self.r
        base = r.choice(self.classes) if self.classes and r.random() < 0.6 else None
        name = self.fresh("C") + f"_{self.seed}"
        own = [(self.fresh("f"), self.kind()) for _ in range(r.randrange(1, 4))]
        c = Class(name, base, (base.fields if base else []) + own)
        if base:
            c.methods = list(base.methods)
            c.operators = list(base.operators)
        self.line(f"class {name}{f'({base.name})' if base else ''}:")
        self.indent += 1
        self.line(f"FIELDS = {tuple(f for f, _ in c.fields)!r}")
        if r.random() < 0.25:
            self.line(f"__slots__ = {tuple(f for f, _ in own)!r}")
        self.line(f"bonus = {r.choice(('1', '2', '7', '0.5'))}")
        if base is None:
            self.line("def __repr__(self):")
            self.line("    return f'<{type(self).__name__}>'")
        self.initialiser(c, own)
        self.method(c, "act", [("x", "int", None)], "int")
        for _ in range(r.randrange(0, 3)):
            self.method(c, self.fresh("m"), self.parameters(3), r.choice(("int", "int", "float", "str", "any", "pair")))
        if base and r.random() < 0.6:
            inherited = [m for m in base.methods if m.name.startswith("m")]
            if inherited:
                m = r.choice(inherited)
                self.method(c, m.name, m.params, m.result)
        self.operators(c)
        self.indent -= 1
        self.classes.append(c)  # only now: no method may make objects of its own class and call itself
        if not self.threaded and r.random() < 0.5:
            self.line(f"{name}.total = 0")
            self.globals_of_classes.append((f"{name}.total", "int"))

    def initialiser(self, c, own):
        r = self.r
        c.init = list(c.base.init) if c.base else []
        inherited = [n for n, _, _ in c.init]
        fields = []
        for f, kind in own:
            if r.random() < 0.6:
                p = self.fresh("p")
                c.init.append((p, kind, None))
                fields.append((f, p))
            else:
                fields.append((f, self.literal(kind)))
        self.line(f"def __init__(self{''.join(', ' + n for n, _, _ in c.init)}):")
        if c.base:
            self.line(f"    super().__init__({', '.join(inherited)})")
        for f, text in fields:
            self.line(f"    self.{f} = {text}")

    def method(self, c, name, params, result):
        r = self.r
        self.line(f"def {name}(self{''.join(', ' + (n if d is None else f'{n}={d}') for n, _, d in params)}):")
        with self.function_scope([(n, k) for n, k, _ in params], result):
            self.budget = 200
            if not self.threaded:
                self.use_globals()
            for f, kind in c.fields:
                self.vars.append((f"self.{f}", kind, True))
            if c.base and any(m.name == name for m in c.base.methods) and r.random() < 0.5:
                inherited = self.fresh("s")
                self.line(f"{inherited} = super().{name}({', '.join(n for n, _, _ in params)})")
                self.vars.append((inherited, result, False))
            self.body(3)
            if r.random() < 0.15:
                self.line(f"return {self.expression(result, 1)} if self.bonus else {self.leaf(result)}")
            else:
                self.line(f"return {self.expression(result, 2)}")
        cost = self.last_cost + max([m.cost for m in c.methods if m.name == name], default=0)
        c.methods = [m for m in c.methods if m.name != name] + [Function(name, params, result, cost)]

    def operators(self, c):
        r = self.r
        ints = [f"self.{f}" for f, kind in c.fields if kind == "int"] or [str(r.randrange(1, 99))]
        a = r.choice(ints)
        fixed = [
            (["def __add__(self, other):", f"    return lim({a} + (other if isinstance(other, int) else 1))"], [("int", "(<o> + <int>)")]),
            (["def __radd__(self, other):", f"    return lim(other - {a})"], [("int", "(<int> + <o>)")]),
            (["def __iadd__(self, other):", f"    self.{c.fields[0][0]} = self.{c.fields[0][0]}", "    return self"], []),
            (["def __lt__(self, other):", f"    return {a} < other"], [("bool", "(<o> < <int>)")]),
            (["def __eq__(self, other):", f"    return isinstance(other, int) and {a} % 7 == other % 7", f"def __hash__(self):", "    return 5"], [("bool", "(<o> == <int>)")]),
            (["def __len__(self):", f"    return {a} & 7"], [("int", "len(<o>)")]),
            (["def __bool__(self):", f"    return {a} & 1 == 0"], [("bool", "bool(<o>)"), ("int", "(<int> if <o> else 1)")]),
            (["def __getitem__(self, k):", "    if k > 9:", "        raise IndexError('k')", f"    return lim({a} ^ k)"], [("int", "<o>[<int> & 7]"), ("int", "sum(v for v in <o>)")]),
            (["def __contains__(self, k):", f"    return k & 3 == {a} & 3"], [("bool", "(<int> in <o>)")]),
            (["def __call__(self, k, *more):", f"    return lim({a} - k * len(more))"], [("int", "<o>(<int>)"), ("int", "<o>(<int>, 1, 2)")]),
            (["def __neg__(self):", f"    return -{a}"], [("int", "(-<o>)")]),
            (["def __index__(self):", f"    return {a} & 3"], [("int", "(10, 20, 30, 40)[<o>]")]),
            (["def __getattr__(self, name):", "    if name != 'magic':", "        raise AttributeError(name)", f"    return {r.randrange(99)}"], [("int", "<o>.magic")]),
            (["@property", "def half(self):", f"    return {a} // 2", "@half.setter", "def half(self, v):", f"    {a} = v" if a.startswith("self") else "    pass"], [("int", "<o>.half")]),
            (["@staticmethod", "def fixed(k):", f"    return k * 2 + {r.randrange(9)}"], [("int", "<o>.fixed(<int>)")]),
            (["@classmethod", "def named(cls, k=1):", "    return lim(len(cls.__name__) * k)"], [("int", "<o>.named(<int>)"), ("int", "<o>.named()")]),
            (["def __str__(self):", f"    return 'S%d' % ({a} & 255)"], [("str", "str(<o>)"), ("str", "f'{<o>}'")]),
            (["def __iter__(self):", f"    yield {a} & 15", "    yield 3"], [("int", "sum(<o>)"), ("ints", "[*<o>]")]),
            (["def __setattr__(self, name, value):", "    object.__setattr__(self, name, value)"], []),
        ]
        for lines, uses in r.sample(fixed, r.randrange(0, 5)):
            for text in lines:
                self.line(text)
            c.operators += uses
