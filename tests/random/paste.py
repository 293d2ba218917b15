"""Puts patterns (patterns.py, patterns_objects.py) into a program: text with holes whose blocks the generator fills with statements.

A pattern is Python text in which
  $name            is a fresh name, the same one wherever it stands in the pattern
  {%a|b|c%}        is one of the alternatives; chosen once, and before everything else
  <int> ...        are the holes of expressions.py; <&int> is a variable that may be stored to
A line may be an instruction to the generator instead:
  <body>           one or more statements          <raise>          a statement that raises
  <leave>          if rarely: break, continue or return
  let NAME KIND = TEXT   a store that keeps the value small; NAME is a variable of that kind from here on
  var NAME KIND    NAME can be read from here on   store KIND: TEXT a store to some variable of that kind
A head `for NAME in range(N):` counts N iterations and makes NAME readable; `#*N` at the end of a head says the same of
other loops. Parameters with annotations (`def f(n, a: int, b: float = 0.5) -> int:`) become variables of the body, and
the annotation of the result lets the body return early; the annotations do not stay in the text. A line that shows
something is left out of programs with threads.
"""
import re

import patterns
import patterns_objects
from definitions import Function

STATEMENTS = patterns.STATEMENTS + patterns_objects.STATEMENTS
DEFINITIONS = patterns.DEFINITIONS + patterns_objects.DEFINITIONS

ALTERNATIVES = re.compile(r"\{%(.*?)%\}")
FRESH = re.compile(r"\$(\w+)")
WRITABLE = re.compile(r"<&(\w+)>")
HEAD = re.compile(r"(async )?def (\w+)\((.*)\)(?: -> (\w+))?:")
COUNTED = re.compile(r"for (\w+) in range\((\d+)\):")
TIMES = re.compile(r"\s*#\*(\d+)$")


def level(text):
    return (len(text) - len(text.lstrip())) // 4


def parameters(text):
    """The parameters of a head in a pattern: (text without annotation, name, kind or None, default or None)."""
    for part in filter(None, re.split(r",\s*(?![^()]*\))", text)):
        left, _, default = (p.strip() for p in part.partition("="))
        name, _, kind = (p.strip() for p in left.partition(":"))
        yield name + (f"={default}" if default else ""), name, kind or None, default or None


class Paste:
    """Mixed into the generator."""

    def paste(self, text):
        """Writes a pattern; returns what its fresh names became."""
        r, names = self.r, {}
        text = ALTERNATIVES.sub(lambda m: r.choice(m.group(1).split("|")), text)

        def name(match):
            stem = match.group(1)
            if stem not in names:
                at_top = self.function_depth == 0 and self.indent == 0 and not self.suffix
                names[stem] = self.fresh(stem) + (f"_{self.seed}" if at_top else "")
            return names[stem]

        lines = [line for line in FRESH.sub(name, text).splitlines() if line.strip()]
        mark = len(self.vars)
        self.helper_cost = 0
        self.paste_lines(lines)
        del self.vars[mark:]
        self.cost += self.times * 5 * self.helper_cost
        return names

    def paste_lines(self, lines):
        at = 0
        while at < len(lines):
            inner = at + 1
            while inner < len(lines) and level(lines[inner]) > level(lines[at]):
                inner += 1
            text = lines[at].strip()
            if inner > at + 1:
                self.paste_block(text, lines[at + 1:inner])
            else:
                self.paste_line(text)
            at = inner

    def paste_block(self, head, inside):
        found = HEAD.fullmatch(head)
        if found:
            return self.paste_function(found, inside)
        saved = self.times, self.loop_depth, self.breakable
        counted, times = COUNTED.fullmatch(head), TIMES.search(head)
        with self.block(self.filled(TIMES.sub("", head))):
            if counted:
                self.vars.append((counted.group(1), "int", False))
            if counted or times:
                self.times *= int(counted.group(2) if counted else times.group(1))
                self.loop_depth, self.breakable = self.loop_depth + 1, True
            if head.startswith("class "):
                self.breakable = False
            self.paste_lines(inside)
        self.times, self.loop_depth, self.breakable = saved

    def paste_function(self, found, inside):
        prefix, name, inner, result = found.groups()
        params = list(parameters(self.filled(inner)))
        self.line(f"{prefix or ''}def {name}({', '.join(text for text, _, _, _ in params)}):")
        outer = [v for v in self.vars if not v[0].startswith("self.")]
        with self.function_scope([(n, kind) for _, n, kind, _ in params if kind], result, outer=outer):
            at = len(self.lines)
            self.paste_lines(inside)
            if len(self.lines) == at:
                self.line("pass")
        self.signatures[name] = [(n, kind, default) for _, n, kind, default in params if kind], result
        self.helper_cost += self.last_cost

    def paste_line(self, text):
        word, _, rest = text.partition(" ")
        if text == "<body>":
            self.body(3)
        elif text == "<raise>":
            self.line(self.raising())
        elif text == "<leave>":
            self.leave()
        elif word == "let":
            name, kind, value = re.fullmatch(r"(\S+) (\w+) = (.*)", rest).groups()
            self.store(name, kind, self.filled(value))
            # Once: CPython 3.11.2 gets `a, a, b = b, a, a` wrong.
            if (name, kind, True) not in self.vars:
                self.vars.append((name, kind, True))
        elif word == "var":
            name, kind = rest.split()
            self.vars.append((name, kind, False))
        elif word == "store":
            kind, _, value = rest.partition(": ")
            names = self.writable(kind)
            if names:
                self.store(self.r.choice(names), kind, self.filled(value))
            else:
                self.line(self.filled(value))
        elif not (text.startswith("show(") and self.threaded and self.function_depth):
            self.line(self.filled(text))

    def filled(self, text):
        def writable(match):
            names = self.writable(match.group(1))
            return self.r.choice(names) if names else self.fresh("y")
        return self.fill(WRITABLE.sub(writable, text), 2)

    # What the rest of the generator calls.

    def choose_patterns(self):
        """A program has some of the patterns only, so that the same one meets itself with other fillings."""
        self.signatures = {}
        self.statement_patterns = self.r.sample(STATEMENTS, 8)
        self.definition_patterns = self.r.sample(DEFINITIONS, 4)

    def pattern_statement(self):
        """A statement made from a pattern."""
        rows = [row for row in self.statement_patterns if self.affordable(row[1])]
        if not rows or self.indent > 8:
            return self.assign()
        weight, cost, text = self.r.choices(rows, [row[0] for row in rows])[0]
        self.cost += self.times * cost
        self.paste(text)

    def pattern_definition(self):
        """A function made from a pattern; `$f` is its name."""
        cost, text = self.r.choice(self.definition_patterns)
        saved = self.times, self.cost
        self.times *= 10  # what its helpers call shall be cheap
        name = self.paste(text)["f"]
        self.times, self.cost = saved
        params, result = self.signatures[name]
        self.functions.append(Function(name, params, result, cost + 3 * self.helper_cost))
