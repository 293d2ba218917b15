"""What every generated program calls; put in front of each batch. Nothing here prints anything that depends on
addresses, on the order of a hash table or on time."""
import math
import sys
import threading

LIMIT = 1 << 90
INF = float("inf")
sys.setrecursionlimit(2000)


def lim(x):
    """Keeps an int from growing without end; lets it pass the machine word."""
    return x if -LIMIT < x < LIMIT else x % 1000003


def trim(v):
    """Keeps a value of any type from growing without end, and floats away from nan."""
    kind = type(v)
    if kind is int:
        return v if -LIMIT < v < LIMIT else v % 1000003
    if kind is float:
        return v if -1e12 < v < 1e12 else 0.5
    if kind is str or kind is list or kind is tuple:
        return v if len(v) < 40 else v[3:9]
    if kind is dict and len(v) > 30:
        v.clear()
    return v


def bound(v):
    """The same for containers of ints and strs."""
    kind = type(v)
    if kind is dict:
        for k, x in v.items():
            v[k] = trim(x)
        return trim(v)
    if kind is set:
        return v if len(v) < 30 and max(v, default=0) < LIMIT and min(v, default=0) > -LIMIT else {lim(x) for x in sorted(v)[:9]}
    if kind is tuple:
        return tuple([trim(x) for x in v])
    for i, x in enumerate(v):
        v[i] = trim(x)
    return v if len(v) < 40 else v[5:17]


def plain(v, depth=0):
    """The printed form of a value."""
    kind = type(v)
    if kind in (int, float, str, bool, bytes, range, complex) or v is None:
        return repr(v)
    if depth > 3:
        return "..."
    if kind is list:
        return "[" + ", ".join([plain(x, depth + 1) for x in v[:12]]) + "]" + str(len(v))
    if kind is tuple:
        return "(" + ", ".join([plain(x, depth + 1) for x in v[:12]]) + ")" + str(len(v))
    if kind is set or kind is frozenset:
        return "set{" + ", ".join(sorted([plain(x, depth + 1) for x in v])) + "}"
    if kind is dict:
        return "{" + ", ".join([plain(k, depth + 1) + ": " + plain(x, depth + 1) for k, x in v.items()]) + "}"
    fields = getattr(v, "FIELDS", None)
    if fields is None:
        return "<" + kind.__name__ + ">"
    return kind.__name__ + "<" + ", ".join([f + "=" + plain(getattr(v, f, "unset"), depth + 1) for f in fields]) + ">"


def show(where, *values):
    print(where, *[plain(v) for v in values])


def oops(where, error):
    if type(error) is RecursionError:
        error = ""  # the text says in what kind of call the limit was met
    print(where, "raised", type(error).__name__, "|", error)


def mix(h, v):
    """One step of a checksum over printed forms."""
    for c in plain(v):
        h = (h * 131 + ord(c)) & 0xFFFFFFFF
    return h


class Fault(Exception):
    def __init__(self, text, place=0):
        super().__init__(text)
        self.place = place


class Guarded:
    """A context manager; lets exceptions of one class end here."""

    def __init__(self, log, swallow=None):
        self.log = log
        self.swallow = swallow

    def __enter__(self):
        self.log.append(1)
        return len(self.log)

    def __exit__(self, kind, value, tb):
        self.log.append(kind.__name__ if kind is not None else 0)
        if len(self.log) > 60:
            del self.log[:50]
        return self.swallow is not None and kind is not None and issubclass(kind, self.swallow)


class Later:
    """Awaitable that gives `value` to the loop that drives the coroutine and returns what it is sent."""

    def __init__(self, value):
        self.value = value

    def __await__(self):
        return (yield self.value)


def drive(coroutine, answers):
    """Runs a coroutine by hand; returns what it asked for and its result."""
    asked = []
    try:
        request = coroutine.send(None)
        for answer in answers:
            asked.append(request)
            request = coroutine.send(answer)
        coroutine.close()
        return asked, None
    except StopIteration as stop:
        return asked, stop.value


def in_threads(workers):
    """Runs the functions at the same time; a worker's exception is its result."""
    results = [None] * len(workers)

    def body(k, worker):
        try:
            results[k] = worker()
        except Exception as error:
            results[k] = type(error).__name__ + ": " + str(error)

    threads = [threading.Thread(target=body, args=(k, w)) for k, w in enumerate(workers)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return results
