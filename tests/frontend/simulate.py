"""Runs a CPython test module through our compiler, the bytecode interpreted here, in Python.

usage: simulate.py AST_DUMP_CODE TEST_MODULE [unittest arguments]

The interpreter below is written from docs/bytecode-notes.md and opcodes.def alone, so it tests the
code generator and the contract without the VM. Objects are CPython's own. Not simulated: frames
and tracebacks, sys.exc_info() outside handlers of the simulated code.
"""
import builtins
import importlib.util
import json
import operator
import subprocess
import sys
import types
import unittest

from simulate_helpers import (check_match, match_class, match_keys, merge, prep_reraise_star,
                              raise_exception, resolve_awaitable, split_group, unpack, unpack_ex)

NO_REGISTER = 0xFFFF


class Unset:
    pass


UNSET = Unset()
handled = [None]
frames = []


def text(h):
    return bytes.fromhex(h).decode('utf-8', 'surrogatepass')


class Code:
    def __init__(self, d):
        self.name, self.qualname = text(d['name']), text(d['qualname'])
        self.flags, self.argcount = d['flags'], d['argcount']
        self.posonly, self.kwonly, self.registers = d['posonly'], d['kwonly'], d['registers']
        for key in ('names', 'varnames', 'cellvars', 'freevars'):
            setattr(self, key, [text(x) for x in d[key]])
        self.instrs, self.exceptions = d['instrs'], d['exceptions']
        self.consts = [constant(c) for c in d['consts']]
        self.cell_base = len(self.varnames)
        self.free_base = self.cell_base + len(self.cellvars)


def constant(c):
    kind = c[0]
    if kind == 'int':
        return c[1]
    if kind == 'big':
        return int(c[1], 16)
    if kind == 'float':
        return float.fromhex(c[1])
    if kind == 'complex':
        return complex(float.fromhex(c[1]), float.fromhex(c[2]))
    if kind == 'str':
        return sys.intern(text(c[1]))
    if kind == 'bytes':
        return bytes.fromhex(c[1])
    if kind == 'tuple':
        return tuple(constant(x) for x in c[1:])
    if kind == 'frozenset':
        return frozenset(constant(x) for x in c[1:])
    if kind == 'code':
        return Code(c[1])
    return {'none': None, 'true': True, 'false': False, 'ellipsis': ...}[kind]


class Cell:
    def __init__(self, cell=None):
        self.cell = cell or types.CellType()


class Frame:
    def __init__(self, code, globals_, locals_, closure):
        self.code, self.globals, self.locals = code, globals_, locals_
        self.regs = [UNSET] * code.registers
        self.closure = closure


def bind(code, defaults, kwdefaults, args, kwargs):
    """Arguments to registers; the errors are those of a native function of the same signature."""
    params = []
    names = code.varnames
    total = code.argcount
    first_default = total - len(defaults)
    scope = {'_d%d' % i: v for i, v in enumerate(defaults)}
    for i in range(total):
        params.append(names[i] + ('=_d%d' % (i - first_default) if i >= first_default else ''))
        if i + 1 == code.posonly:
            params.append('/')
    at = total + code.kwonly
    star = names[at] if code.flags & 4 else None
    at += star is not None
    double = names[at] if code.flags & 8 else None
    if star or code.kwonly:
        params.append('*' + (star or ''))
    for i in range(total, total + code.kwonly):
        if kwdefaults and names[i] in kwdefaults:
            scope['_k%d' % i] = kwdefaults[names[i]]
            params.append('%s=_k%d' % (names[i], i))
        else:
            params.append(names[i])
    if double:
        params.append('**' + double)
    order = names[:at + (double is not None)]
    if any(not n.isidentifier() for n in order):
        return list(args)
    source = 'def %s(%s): return [%s]' % (
        code.name if code.name.isidentifier() else '_lambda_', ', '.join(params), ', '.join(order))
    exec(source, scope)
    f = scope[code.name if code.name.isidentifier() else '_lambda_']
    f.__qualname__ = code.qualname
    return f(*args, **kwargs)


def make_function(code, globals_, defaults, kwdefaults, annotations, closure):
    def call(*args, **kwargs):
        frame = Frame(code, globals_, None, closure)
        values = bind(code, function.__sim_defaults__, function.__kwdefaults__, args, kwargs)
        frame.regs[:len(values)] = values
        frame.function = function
        return start(frame)

    function = call
    if code.flags & (0x20 | 0x80 | 0x200):
        if code.flags & 0x80:
            def function(*args, **kwargs):
                return call(*args, **kwargs)
        elif code.flags & 0x20:
            def function(*args, **kwargs):
                return call(*args, **kwargs)
    function.__name__, function.__qualname__ = code.name, code.qualname
    function.__module__ = globals_.get('__name__')
    function.__sim_defaults__ = defaults or ()
    function.__kwdefaults__ = kwdefaults
    function.__annotations__ = dict(zip(annotations[::2], annotations[1::2])) if annotations else {}
    function.__sim_code__ = code
    if code.consts and isinstance(code.consts[0], str):
        function.__doc__ = code.consts[0]
    return function


def start(frame):
    flags = frame.code.flags
    if flags & 0x80:
        return coroutine(frame)
    if flags & 0x200:
        return async_generator(frame)
    if flags & 0x20:
        g = interpret(frame)
        try:
            g.__name__, g.__qualname__ = frame.code.name, frame.code.qualname
        except AttributeError:
            pass
        return g
    g = interpret(frame)
    try:
        g.send(None)
    except StopIteration as e:
        return e.value[0] if isinstance(e.value, tuple) else e.value
    except RuntimeError as e:
        if isinstance(e.__cause__, StopIteration) and str(e) == 'generator raised StopIteration':
            raise e.__cause__
        raise
    raise AssertionError('yield outside a generator')


class Wrapped:
    def __init__(self, value):
        self.value = value


@types.coroutine
def pass_through(value):
    return (yield value)


def coroutine(frame):
    async def run():
        g = interpret(frame)
        value, error = None, None
        while True:
            try:
                if error is None:
                    event = g.send(value)
                else:
                    event = g.throw(error)
            except StopIteration as e:
                return e.value
            try:
                value, error = await pass_through(event), None
            except BaseException as e:
                value, error = None, e
    c = run()
    c.__name__, c.__qualname__ = frame.code.name, frame.code.qualname
    return c


def async_generator(frame):
    async def run():
        g = interpret(frame)
        value, error = None, None
        while True:
            try:
                if error is None:
                    event = g.send(value)
                else:
                    event = g.throw(error)
            except StopIteration:
                return
            try:
                if isinstance(event, Wrapped):
                    value, error = (yield event.value), None
                else:
                    value, error = await pass_through(event), None
            except BaseException as e:
                value, error = None, e
    a = run()
    a.__name__, a.__qualname__ = frame.code.name, frame.code.qualname
    return a


BINARY = {
    'ADD': (operator.add, operator.iadd), 'SUB': (operator.sub, operator.isub),
    'MUL': (operator.mul, operator.imul), 'MATMUL': (operator.matmul, operator.imatmul),
    'TRUEDIV': (operator.truediv, operator.itruediv),
    'FLOORDIV': (operator.floordiv, operator.ifloordiv), 'MOD': (operator.mod, operator.imod),
    'POW': (operator.pow, operator.ipow), 'LSHIFT': (operator.lshift, operator.ilshift),
    'RSHIFT': (operator.rshift, operator.irshift), 'AND': (operator.and_, operator.iand),
    'OR': (operator.or_, operator.ior), 'XOR': (operator.xor, operator.ixor)}
COMPARE = {'LT': operator.lt, 'LE': operator.le, 'EQ': operator.eq, 'NE': operator.ne,
           'GT': operator.gt, 'GE': operator.ge}
UNARY = {'NEGATIVE': operator.neg, 'POSITIVE': operator.pos, 'INVERT': operator.invert,
         'NOT': operator.not_}


def load_global(frame, name):
    g = frame.globals
    try:
        return g[name]
    except KeyError:
        pass
    b = g.get('__builtins__', builtins)
    b = b if isinstance(b, dict) else vars(b)
    if name == 'super':
        return lambda *a: real_super(frame, *a)
    if name == 'locals':
        return lambda: snapshot(frame)
    if name == 'globals':
        return lambda: g
    try:
        return b[name]
    except KeyError:
        raise NameError(f"name '{name}' is not defined", name=name) from None


def snapshot(frame):
    if frame.locals is not None:
        return frame.locals
    code, out = frame.code, {}
    for name, value in zip(code.varnames, frame.regs):
        if value is not UNSET:
            out[name] = value
    for i, name in enumerate(code.cellvars + code.freevars):
        cell = frame.regs[code.cell_base + i]
        if isinstance(cell, types.CellType):
            try:
                out[name] = cell.cell_contents
            except ValueError:
                pass
    return out


def real_super(frame, *args):
    if args:
        return super(*args)
    code = frame.code
    names = code.cellvars + code.freevars
    cls = frame.regs[code.cell_base + names.index('__class__')].cell_contents
    return super(cls, frame.regs[0])


def find_handler(code, pc):
    for row in code.exceptions:
        if row[0] <= pc < row[1]:
            return row
    return None


def interpret(frame):
    pc = 0
    code, instrs, regs = frame.code, frame.code.instrs, frame.regs
    saved_handled = handled[0]
    while True:
        at = pc
        try:
            op, d, a, b, c, bc = instrs[pc]
            pc += 1
            if op == 'YIELD':
                mine = handled[0]
                handled[0] = saved_handled
                try:
                    value = yield regs[b]
                except BaseException as e:
                    saved_handled = handled[0]
                    handled[0] = mine
                    if d == 1:
                        pc = yield from delegate(frame, pc, e)
                        continue
                    raise
                saved_handled = handled[0]
                handled[0] = mine
                regs[a] = value
                continue
            if op == 'RETURN':
                handled[0] = saved_handled
                if code.flags & (0x20 | 0x80 | 0x200):
                    return regs[a]
                return (regs[a],)
            pc = step(frame, op, d, a, b, c, bc, pc)
        except BaseException as e:
            if e.__context__ is None and handled[0] is not None and handled[0] is not e:
                chain, x = set(), handled[0]
                while x is not None and id(x) not in chain:
                    chain.add(id(x))
                    x = x.__context__
                if id(e) not in chain:
                    e.__context__ = handled[0]
            row = find_handler(code, at)
            if row is None:
                handled[0] = saved_handled
                raise
            regs[row[3]] = e
            pc = row[2]


def delegate(frame, pc, exc):
    """An exception thrown in at the YIELD of a `yield from`: pc is at its JUMP_BACK."""
    regs, instrs = frame.regs, frame.code.instrs
    send = pc + 1 + instrs[pc][5]
    _, _, a, b, c, _ = instrs[send]
    c = c - 65536 if c > 32767 else c
    it = regs[a]
    if isinstance(exc, GeneratorExit):
        if hasattr(it, 'close'):
            it.close()
        raise exc
    if not hasattr(it, 'throw'):
        raise exc
    try:
        regs[b] = it.throw(exc)
    except StopIteration as e:
        if e is exc:
            raise
        regs[b] = e.value
        return send + 1 + c
    try:
        regs[b] = yield regs[b]
    except BaseException as e:
        return (yield from delegate(frame, pc, e))
    return send


def get(frame, reg):
    value = frame.regs[reg]
    assert value is not UNSET, f'{frame.code.qualname}: register {reg} is unset'
    return value


def cell_name(frame, reg):
    code = frame.code
    return (code.cellvars + code.freevars)[reg - code.cell_base]


def step(frame, op, d, a, b, c, bc, pc):
    code, regs = frame.code, frame.regs
    g = lambda r: get(frame, r)
    names = code.names
    c16 = c - 65536 if c > 32767 else c
    if op in BINARY:
        regs[a] = BINARY[op][1 if d else 0](g(b), g(c))
    elif op in COMPARE:
        regs[a] = COMPARE[op](g(b), g(c))
    elif op in UNARY:
        regs[a] = UNARY[op](g(b))
    elif op == 'MOVE':
        regs[a] = g(b)
    elif op == 'MOVE_CHECKED':
        if regs[b] is UNSET:
            raise UnboundLocalError(f"cannot access local variable '{code.varnames[b]}' where it is not "
                                    "associated with a value")
        regs[a] = regs[b]
    elif op == 'LOAD_CONST':
        regs[a] = code.consts[bc]
    elif op == 'LOAD_INT':
        regs[a] = bc
    elif op == 'CLEAR':
        regs[a] = UNSET
    elif op == 'DELETE_LOCAL':
        if regs[a] is UNSET:
            raise UnboundLocalError(f"cannot access local variable '{code.varnames[a]}' where it is not "
                                    "associated with a value")
        regs[a] = UNSET
    elif op == 'MAKE_CELL':
        regs[a] = types.CellType() if b == NO_REGISTER else types.CellType(regs[b])
    elif op == 'COPY_FREE':
        regs[a:a + c] = frame.closure
    elif op == 'LOAD_CELL':
        try:
            regs[a] = g(b).cell_contents
        except ValueError:
            name = cell_name(frame, b)
            if b < code.free_base:
                raise UnboundLocalError(f"cannot access local variable '{name}' where it is not "
                                        "associated with a value") from None
            raise NameError(f"cannot access free variable '{name}' where it is not associated with a "
                            "value in enclosing scope") from None
    elif op == 'STORE_CELL':
        g(a).cell_contents = g(b)
    elif op == 'DELETE_CELL':
        try:
            g(a).cell_contents
        except ValueError:
            raise UnboundLocalError(f"cannot access local variable '{cell_name(frame, a)}' where it is "
                                    "not associated with a value") from None
        del g(a).cell_contents
    elif op == 'LOAD_CLASSDEREF':
        try:
            regs[a] = frame.locals[names[c]]
        except KeyError:
            try:
                regs[a] = g(b).cell_contents
            except ValueError:
                raise NameError(f"cannot access free variable '{names[c]}' where it is not associated "
                                "with a value in enclosing scope") from None
    elif op == 'LOAD_GLOBAL':
        regs[a] = load_global(frame, names[b])
    elif op == 'STORE_GLOBAL':
        frame.globals[names[b]] = g(a)
    elif op == 'DELETE_GLOBAL':
        if names[b] not in frame.globals:
            raise NameError(f"name '{names[b]}' is not defined")
        del frame.globals[names[b]]
    elif op == 'LOAD_NAME':
        try:
            regs[a] = frame.locals[names[b]]
        except KeyError:
            regs[a] = load_global(frame, names[b])
    elif op == 'STORE_NAME':
        frame.locals[names[b]] = g(a)
    elif op == 'DELETE_NAME':
        try:
            del frame.locals[names[b]]
        except KeyError:
            raise NameError(f"name '{names[b]}' is not defined") from None
    elif op == 'LOAD_ATTR':
        regs[a] = getattr(g(b), names[c])
    elif op == 'STORE_ATTR':
        setattr(g(a), names[b], g(c))
    elif op == 'DELETE_ATTR':
        delattr(g(a), names[b])
    elif op == 'LOAD_METHOD':
        regs[a] = getattr(g(b), names[c])
        regs[a + 1] = UNSET
    elif op == 'GET_ITEM':
        regs[a] = g(b)[g(c)]
    elif op == 'SET_ITEM':
        g(a)[g(b)] = g(c)
    elif op == 'DELETE_ITEM':
        del g(a)[g(b)]
    elif op == 'BUILD_SLICE':
        regs[a] = slice(*[g(b + i) for i in range(c)])
    elif op == 'IS':
        regs[a] = (g(b) is g(c)) != bool(d)
    elif op == 'CONTAINS':
        regs[a] = (g(b) in g(c)) != bool(d)
    elif op in ('JUMP', 'JUMP_BACK'):
        return pc + bc
    elif op == 'JUMP_IF_TRUE':
        return pc + bc if g(a) else pc
    elif op == 'JUMP_IF_FALSE':
        return pc if g(a) else pc + bc
    elif op == 'JUMP_IF_NONE':
        return pc + bc if g(a) is None else pc
    elif op == 'JUMP_IF_NOT_NONE':
        return pc + bc if g(a) is not None else pc
    elif op == 'JUMP_IS':
        return pc + c16 if (g(a) is g(b)) == bool(d) else pc
    elif op == 'JUMP_IN':
        return pc + c16 if (g(a) in g(b)) == bool(d) else pc
    elif op.startswith('JUMP_'):
        return pc + c16 if bool(COMPARE[op[5:]](g(a), g(b))) == bool(d) else pc
    else:
        return step_rare(frame, op, d, a, b, c, c16, pc)
    return pc


def step_rare(frame, op, d, a, b, c, c16, pc):
    code, regs, names = frame.code, frame.regs, frame.code.names
    g = lambda r: get(frame, r)
    span = lambda first, n: [g(first + i) for i in range(n)]
    if op == 'CALL':
        regs[b] = call_value(g(a), span(a + 2, c), {})
    elif op == 'CALL_KW':
        keys = g(a + 2 + c)
        values = span(a + 2, c)
        n = c - len(keys)
        regs[b] = call_value(g(a), values[:n], dict(zip(keys, values[n:])))
    elif op == 'CALL_EX':
        regs[b] = call_value(g(a), g(a + 2), g(a + 3) if d & 2 else {})
    elif op == 'MAKE_FUNCTION':
        extra = [g(b + i) if d >> i & 1 else None for i in range(4)]
        regs[a] = make_function(code.consts[c], frame.globals, *extra)
    elif op == 'LOAD_BUILD_CLASS':
        regs[a] = build_class
    elif op == 'LOAD_ASSERTION_ERROR':
        regs[a] = AssertionError
    elif op == 'BUILD_TUPLE':
        regs[a] = tuple(span(b, c))
    elif op == 'BUILD_LIST':
        regs[a] = span(b, c)
    elif op == 'BUILD_SET':
        regs[a] = set(span(b, c))
    elif op == 'BUILD_MAP':
        s = span(b, 2 * c)
        regs[a] = dict(zip(s[::2], s[1::2]))
    elif op == 'BUILD_STRING':
        regs[a] = ''.join(span(b, c))
    elif op == 'LIST_APPEND':
        g(a).append(g(b))
    elif op == 'LIST_EXTEND':
        value = g(b)
        if not hasattr(type(value), '__iter__') and not hasattr(type(value), '__getitem__'):
            kind = type(value).__name__
            raise TypeError(f'Value after * must be an iterable, not {kind}' if not d else
                            f'argument after * must be an iterable, not {kind}')
        g(a).extend(value)
    elif op == 'SET_ADD':
        g(a).add(g(b))
    elif op == 'SET_UPDATE':
        g(a).update(g(b))
    elif op == 'MAP_ADD':
        g(a)[g(b)] = g(c)
    elif op == 'DICT_UPDATE':
        if not hasattr(g(b), 'keys'):
            raise TypeError(f"'{type(g(b)).__name__}' object is not a mapping")
        g(a).update(g(b))
    elif op == 'DICT_MERGE':
        merge(g(a), g(b), g(c))
    elif op == 'LIST_TO_TUPLE':
        regs[a] = tuple(g(b))
    elif op == 'UNPACK':
        regs[a:a + c] = unpack(g(b), c)
    elif op == 'UNPACK_EX':
        regs[a:a + c + 1 + d] = unpack_ex(g(b), c, d)
    elif op == 'GET_ITER':
        regs[a] = iter(g(b))
    elif op == 'FOR_ITER':
        try:
            regs[b] = next(g(a))
        except StopIteration:
            return pc + c16
    elif op == 'GET_YIELD_FROM_ITER':
        x = g(b)
        if isinstance(x, types.CoroutineType):
            if not code.flags & 0x180:
                raise TypeError("cannot 'yield from' a coroutine object in a non-coroutine generator")
            regs[a] = x
        else:
            regs[a] = x if isinstance(x, types.GeneratorType) else iter(x)
    elif op == 'SEND':
        it = g(a)
        try:
            regs[b] = next(it) if regs[b] is None and not isinstance(it, types.CoroutineType) \
                else it.send(regs[b])
        except StopIteration as e:
            regs[b] = e.value
            return pc + c16
    elif op == 'RETURN_GENERATOR' or op == 'NOP':
        pass
    elif op == 'GET_AWAITABLE':
        regs[a] = resolve_awaitable(g(b))
    elif op == 'GET_AITER':
        x = g(b)
        if not hasattr(type(x), '__aiter__'):
            raise TypeError("'async for' requires an object with __aiter__ method, got "
                            + type(x).__name__)
        i = type(x).__aiter__(x)
        if not hasattr(type(i), '__anext__'):
            raise TypeError("'async for' received an object from __aiter__ that does not implement "
                            "__anext__: " + type(i).__name__)
        regs[a] = i
    elif op == 'GET_ANEXT':
        x = g(b)
        if not hasattr(type(x), '__anext__'):
            raise TypeError("'async for' requires an iterator with __anext__ method, got "
                            + type(x).__name__)
        n = type(x).__anext__(x)
        try:
            regs[a] = resolve_awaitable(n)
        except TypeError as e:
            raise TypeError("'async for' received an invalid object from __anext__: "
                            + type(n).__name__) from e
    elif op == 'END_ASYNC_FOR':
        if not isinstance(g(a), StopAsyncIteration):
            raise g(a)
    elif op == 'ASYNC_GEN_WRAP':
        regs[a] = Wrapped(g(b))
    elif op == 'RAISE':
        if d == 0:
            if handled[0] is None:
                raise RuntimeError('No active exception to reraise')
            raise handled[0]
        raise_exception(g(a), g(b) if d == 2 else None, d == 2)
    elif op == 'RERAISE':
        raise g(a)
    elif op == 'ENTER_HANDLER':
        regs[a], handled[0] = handled[0], g(b)
    elif op == 'LEAVE_HANDLER':
        handled[0] = g(a)
    elif op == 'CHECK_EXC_MATCH':
        regs[a] = check_match(g(b), g(c))
    elif op == 'CHECK_EG_MATCH':
        regs[a], regs[a + 1] = split_group(g(b), g(c))
    elif op == 'PREP_RERAISE_STAR':
        regs[a] = prep_reraise_star(g(b), g(c))
    elif op in ('WITH_ENTER', 'ASYNC_WITH_ENTER'):
        m = g(b)
        prefix = '__a' if op.startswith('A') else '__'
        kind = 'asynchronous context manager' if op.startswith('A') else 'context manager'
        try:
            enter, exit_ = getattr(type(m), prefix + 'enter__'), None
        except AttributeError:
            raise TypeError(f"'{type(m).__name__}' object does not support the {kind} protocol") from None
        try:
            exit_ = getattr(type(m), prefix + 'exit__')
        except AttributeError:
            raise TypeError(f"'{type(m).__name__}' object does not support the {kind} protocol "
                            f"(missed {prefix}exit__ method)") from None
        regs[a], regs[a + 1] = exit_, m
        regs[a + 2] = enter(m)
    elif op == 'WITH_EXIT':
        regs[a] = g(b)(g(b + 1), None, None, None)
    elif op == 'WITH_EXCEPT':
        e = g(c)
        regs[a] = g(b)(g(b + 1), type(e), e, e.__traceback__)
    elif op == 'IMPORT_NAME':
        imp = vars(builtins)['__import__']
        regs[a] = imp(names[c], frame.globals, frame.locals, g(b + 1), g(b))
    elif op == 'IMPORT_FROM':
        m = g(b)
        try:
            regs[a] = getattr(m, names[c])
        except AttributeError:
            full = f'{m.__name__}.{names[c]}'
            if full not in sys.modules:
                raise ImportError(f"cannot import name {names[c]!r} from {m.__name__!r}", name=m.__name__) from None
            regs[a] = sys.modules[full]
    elif op == 'IMPORT_STAR':
        m = g(a)
        for n in getattr(m, '__all__', None) or [n for n in vars(m) if n[:1] != '_']:
            frame.locals[n] = getattr(m, n)
    elif op == 'FORMAT_VALUE':
        value = g(b)
        if d:
            value = {'s': str, 'r': repr, 'a': ascii}[chr(d)](value)
        regs[a] = format(value, '' if c == NO_REGISTER else g(c))
    elif op == 'MATCH_MAPPING':
        regs[a] = bool(type(g(b)).__flags__ & 1 << 6)
    elif op == 'MATCH_SEQUENCE':
        regs[a] = bool(type(g(b)).__flags__ & 1 << 5)
    elif op == 'MATCH_KEYS':
        regs[a] = match_keys(g(b), g(c))
    elif op == 'MATCH_CLASS':
        regs[a] = match_class(g(b), g(c), g(c + 1), d)
    elif op == 'MATCH_REST':
        rest = dict(g(b))
        for key in g(c):
            del rest[key]
        regs[a] = rest
    elif op == 'GET_LEN':
        regs[a] = len(g(b))
    elif op == 'SETUP_ANNOTATIONS':
        frame.locals.setdefault('__annotations__', {})
    elif op == 'PRINT_EXPR':
        sys.displayhook(g(a))
    else:
        raise NotImplementedError(op)
    return pc


def call_value(f, args, kwargs):
    return f(*args, **kwargs)


def build_class(body, name, *bases, metaclass=None, **keywords):
    resolved = types.resolve_bases(bases)
    if metaclass is not None:
        keywords['metaclass'] = metaclass
    cell = None

    def fill(namespace):
        nonlocal cell
        code = body.__sim_code__
        frame = Frame(code, body.__globals_sim__ if hasattr(body, '__globals_sim__') else body_globals(body),
                      namespace, body_closure(body))
        cell = start(frame)
    meta, namespace, keywords = types.prepare_class(name, resolved, keywords)
    fill(namespace)
    if resolved is not bases:
        namespace['__orig_bases__'] = bases
    cls = meta(name, resolved, namespace, **keywords)
    return cls


def body_globals(body):
    return dict(zip(body.__code__.co_freevars, body.__closure__))['globals_'].cell_contents


def body_closure(body):
    return dict(zip(body.__code__.co_freevars, body.__closure__))['closure'].cell_contents


def main():
    dump, name = sys.argv[1:3]
    spec = importlib.util.find_spec(name)
    data = subprocess.run([dump, spec.origin], stdout=subprocess.PIPE, check=True).stdout
    module = types.ModuleType(name)
    module.__file__, module.__spec__, module.__loader__ = spec.origin, spec, spec.loader
    module.__package__ = spec.parent
    module.__builtins__ = builtins
    sys.modules[name] = module
    sys.setrecursionlimit(20000)
    frame = Frame(Code(json.loads(data)), vars(module), vars(module), ())
    start(frame)
    suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    verbose = 2 if '-v' in sys.argv else 0
    result = unittest.TextTestRunner(verbosity=verbose).run(suite)
    sys.exit(not result.wasSuccessful())


if __name__ == '__main__':
    main()
