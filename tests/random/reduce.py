"""Makes a program smaller while a property of it persists.

Works on the syntax tree, so that the result is Python at every step: statements go, bodies take the place of the
statements around them, expressions become their own parts or constants. `keeps(source)` says whether the property
persists; a candidate that means nothing any more simply does not have it.
"""
import ast
import copy
import time

BODIES = ("body", "orelse", "finalbody", "handlers", "cases")


def bodies(tree):
    """Every list of statements, handlers or cases, outermost first."""
    for node in ast.walk(tree):
        for name in BODIES:
            found = getattr(node, name, None)
            if isinstance(found, list) and found:
                yield node, name, found


def text_of(tree):
    """The program; bodies that lost everything get a pass."""
    tree = copy.deepcopy(tree)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and not body:
            node.body = [ast.Pass()]
    return ast.unparse(ast.fix_missing_locations(tree))


class Reducer:
    def __init__(self, source, keeps, seconds):
        self.tree, self.keeps = ast.parse(source), keeps
        self.end = time.monotonic() + seconds
        self.tried = 0

    def out_of_time(self):
        return time.monotonic() > self.end

    def attempt(self):
        """Is the tree, as changed just now, still what we look for?"""
        self.tried += 1
        try:
            return self.keeps(text_of(self.tree))
        except (ValueError, AttributeError, RecursionError):  # no program has this tree
            return False

    def remove_statements(self):
        changed = False
        for _, _, found in list(bodies(self.tree)):
            size = len(found)
            while size >= 1 and not self.out_of_time():
                at = len(found) - size
                while at > -size and found:
                    start = max(at, 0)
                    kept = found[start:start + size]
                    del found[start:start + size]
                    if kept and self.attempt():
                        changed = True
                    else:
                        found[start:start] = kept
                    at -= size
                    if self.out_of_time():
                        return changed
                size //= 2
        return changed

    def hoist_bodies(self):
        """if, for, with, try: the body alone."""
        changed = True
        any_change = False
        while changed and not self.out_of_time():
            changed = False
            for _, _, found in list(bodies(self.tree)):
                for at, statement in enumerate(found):
                    inner = getattr(statement, "body", None)
                    if not isinstance(inner, list) or isinstance(statement, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef,
                                                                            ast.ExceptHandler)):
                        continue
                    found[at:at + 1] = inner
                    if self.attempt():
                        changed = any_change = True
                        break
                    found[at:at + len(inner)] = [statement]
        return any_change

    def simplify_expressions(self):
        changed = False
        for node in list(ast.walk(self.tree)):
            for field, value in list(ast.iter_fields(node)):
                values = value if isinstance(value, list) else [value]
                for at, old in enumerate(values):
                    if not isinstance(old, ast.expr) or isinstance(getattr(old, "ctx", ast.Load()), (ast.Store, ast.Del)):
                        continue
                    parts = [p for p in ast.iter_child_nodes(old) if isinstance(p, ast.expr)]
                    parts += [p.value for p in ast.iter_child_nodes(old) if isinstance(p, ast.keyword)]
                    if not isinstance(old, ast.Constant):
                        parts += [ast.Constant(0), ast.Constant(1), ast.Constant("")]
                    for new in parts:
                        if self.out_of_time():
                            return changed
                        if isinstance(value, list):
                            value[at] = new
                        else:
                            setattr(node, field, new)
                        if self.attempt():
                            changed = True
                            break
                        if isinstance(value, list):
                            value[at] = old
                        else:
                            setattr(node, field, old)
        return changed

    def run(self):
        while not self.out_of_time():
            changed = self.remove_statements()
            changed = self.hoist_bodies() or changed
            changed = self.simplify_expressions() or changed
            if not changed:
                break
        return text_of(self.tree)


def reduce(source, keeps, seconds=300):
    """The smallest program found; `keeps(source)` holds before and after."""
    return Reducer(source, keeps, seconds).run()
