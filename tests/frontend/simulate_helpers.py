"""What single instructions do to objects; used by simulate.py."""
import collections.abc
import types


def resolve_awaitable(x):
    if isinstance(x, types.CoroutineType):
        return x.__await__()
    if isinstance(x, types.GeneratorType) and x.gi_code.co_flags & 0x100:
        return x
    try:
        method = type(x).__await__
    except AttributeError:
        raise TypeError(f"object {type(x).__name__} can't be used in 'await' expression") from None
    i = method(x)
    if isinstance(i, types.CoroutineType):
        raise TypeError('__await__() returned a coroutine')
    if not isinstance(i, collections.abc.Iterator):
        raise TypeError(f"__await__() returned non-iterator of type '{type(i).__name__}'")
    return i


def match_class(subject, cls, names, positional):
    if not isinstance(cls, type):
        raise TypeError('called match pattern must be a class')
    if not isinstance(subject, cls):
        return None
    out, seen = [], set()
    if positional:
        own = cls in (bool, bytearray, bytes, dict, float, frozenset, int, list, set, str, tuple) or any(
            issubclass(cls, c) for c in (bytearray, bytes, dict, float, frozenset, int, list, set, str, tuple))
        if hasattr(cls, '__match_args__'):
            match_args = cls.__match_args__
            if not isinstance(match_args, tuple):
                raise TypeError(f'{cls.__name__}.__match_args__ must be a tuple')
            self_match = False
        else:
            match_args, self_match = (), own
        allowed = 1 if self_match else len(match_args)
        if positional > allowed:
            raise TypeError(f'{cls.__name__}() accepts {allowed} positional sub-pattern'
                            f'{"s" * (allowed != 1)} ({positional} given)')
        if self_match:
            out.append(subject)
        else:
            for name in match_args[:positional]:
                if not isinstance(name, str):
                    raise TypeError('__match_args__ elements must be strings')
                if name in seen:
                    raise TypeError(f'{cls.__name__}() got multiple sub-patterns for attribute {name!r}')
                seen.add(name)
                try:
                    out.append(getattr(subject, name))
                except AttributeError:
                    return None
    for name in names:
        if name in seen:
            raise TypeError(f'{cls.__name__}() got multiple sub-patterns for attribute {name!r}')
        seen.add(name)
        try:
            out.append(getattr(subject, name))
        except AttributeError:
            return None
    return tuple(out)


def match_keys(subject, keys):
    if not keys:
        return ()
    missing, seen, out = object(), set(), []
    for key in keys:
        if key in seen:
            raise ValueError(f'mapping pattern checks duplicate key ({key!r})')
        seen.add(key)
        value = subject.get(key, missing)
        if value is missing:
            return None
        out.append(value)
    return tuple(out)


def unpack(value, n):
    try:
        it = iter(value)
    except TypeError:
        if not hasattr(type(value), '__iter__') and not hasattr(type(value), '__getitem__'):
            raise TypeError(f'cannot unpack non-iterable {type(value).__name__} object') from None
        raise
    out = []
    for _ in range(n):
        try:
            out.append(next(it))
        except StopIteration:
            raise ValueError(f'not enough values to unpack (expected {n}, got {len(out)})') from None
    try:
        next(it)
    except StopIteration:
        return out
    raise ValueError(f'too many values to unpack (expected {n})')


def unpack_ex(value, before, after):
    try:
        items = list(value)
    except TypeError:
        if not hasattr(type(value), '__iter__') and not hasattr(type(value), '__getitem__'):
            raise TypeError(f'cannot unpack non-iterable {type(value).__name__} object') from None
        raise
    if len(items) < before + after:
        raise ValueError(f'not enough values to unpack (expected at least {before + after}, '
                         f'got {len(items)})')
    end = len(items) - after
    return items[:before] + [items[before:end]] + items[end:]


def merge(target, other, func):
    if not isinstance(other, dict) and not hasattr(other, 'keys'):
        name = getattr(func, '__qualname__', repr(func))
        module = getattr(func, '__module__', None)
        if module and module != 'builtins':
            name = module + '.' + name
        raise TypeError(f'{name}() argument after ** must be a mapping, not {type(other).__name__}')
    for key in other.keys():
        if key in target:
            raise TypeError(f"{getattr(func, '__module__', '')}.{func.__qualname__}() got multiple "
                            f"values for keyword argument '{key}'")
        target[key] = other[key]


def raise_exception(exc, cause, has_cause):
    if isinstance(exc, type) and issubclass(exc, BaseException):
        made = exc()
        if not isinstance(made, BaseException):
            raise TypeError(f'calling {exc!r} should have returned an instance of BaseException, '
                            f'not {type(made)!r}')
        exc = made
    elif not isinstance(exc, BaseException):
        raise TypeError('exceptions must derive from BaseException')
    if has_cause:
        if isinstance(cause, type) and issubclass(cause, BaseException):
            cause = cause()
        elif cause is not None and not isinstance(cause, BaseException):
            raise TypeError('exception causes must derive from BaseException')
        exc.__cause__ = cause
    raise exc


def check_match(exc, kind):
    for k in kind if isinstance(kind, tuple) else (kind,):
        if not (isinstance(k, type) and issubclass(k, BaseException)):
            raise TypeError('catching classes that do not inherit from BaseException is not allowed')
    return isinstance(exc, kind)


def split_group(exc, kind):
    for k in kind if isinstance(kind, tuple) else (kind,):
        if not (isinstance(k, type) and issubclass(k, BaseException)):
            raise TypeError('catching classes that do not inherit from BaseException is not allowed')
        if issubclass(k, BaseExceptionGroup):
            raise TypeError('catching ExceptionGroup with except* is not allowed. Use except instead.')
    if isinstance(exc, kind) and not isinstance(exc, BaseExceptionGroup):
        return ExceptionGroup('', [exc]) if isinstance(exc, Exception) else BaseExceptionGroup('', [exc]), None
    if isinstance(exc, BaseExceptionGroup):
        return exc.split(kind)
    return None, exc


def prep_reraise_star(orig, excs):
    if not excs:
        return None
    if not isinstance(orig, BaseExceptionGroup):
        return excs[0]
    raised, reraised = [], []
    for e in excs:
        same = isinstance(e, BaseExceptionGroup) and e.__traceback__ is orig.__traceback__ and (
            e.__cause__ is orig.__cause__ and e.__context__ is orig.__context__)
        (reraised if same else raised).append(e)
    group = None
    if reraised:
        leaves = set()
        def collect(g):
            for x in g.exceptions:
                if isinstance(x, BaseExceptionGroup):
                    collect(x)
                else:
                    leaves.add(id(x))
        for g in reraised:
            collect(g)
        group = orig.subgroup(lambda x: id(x) in leaves and not isinstance(x, BaseExceptionGroup))
    if not raised:
        return group
    if group is not None:
        raised.append(group)
    return BaseExceptionGroup('', raised)
