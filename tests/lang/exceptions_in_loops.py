# Exceptions raised and handled in hot loops: values, tracebacks, contexts, what is being handled.
import sys


class Refused(Exception):
    pass


class Place(Exception):
    def __init__(self, place, text):
        super().__init__(text)
        self.place = place


def refuse(i):
    local = i * 2
    if i % 3 == 0:
        raise Refused(i)
    if i % 3 == 1:
        raise Place(i, "x")
    return i


def plain(n):
    s = 0
    for i in range(n):
        try:
            s += refuse(i)
        except Refused:
            s += 1
        except Place as e:
            s += e.place
    return s


def number(text, i):
    try:
        return int(text)
    except ValueError as e:
        raise Place(i, "not a number") from e


def chained(n):
    bad = good = causes = contexts = 0
    for i in range(n):
        try:
            good += number("12" if i % 4 else "x", i)
        except Place as e:
            bad += e.place
            causes += type(e.__cause__) is ValueError and e.__suppress_context__
            contexts += e.__context__ is e.__cause__
    return good, bad, causes, contexts


def natives(n):
    table = {1: 2}
    items = [1, 2]
    s = 0
    for i in range(n):
        try:
            s += table[i & 3]
        except KeyError as e:
            s += e.args[0]
        try:
            s += items[i & 3]
        except IndexError:
            s += 100
        try:
            s += int("x1"[i & 1:])
        except ValueError:
            s += 5
        finally:
            s += 1
        try:
            items.pop(7)
        except IndexError as e:
            s += len(str(e))
        try:
            (1, 2)[i & 7]
        except IndexError:
            s += 1
    return s


class Manager:
    seen = 0

    def __enter__(self):
        return self

    def __exit__(self, kind, value, tb):
        if kind is not None:
            Manager.seen = Manager.seen + tb.tb_lineno - value.line
        return kind is KeyError


class Numbered(KeyError):
    def __init__(self, line):
        super().__init__(line)
        self.line = line


def managed(n):
    count = 0
    for i in range(n):
        try:
            with Manager():
                if i % 3 == 1:
                    e = KeyError(i)
                    e.line = 0
                    raise e
                if i % 3 == 2:
                    raise Numbered(i)
                count += 1
        except KeyError as e:
            count += 1000
    return count, Manager.seen


def entries(tb):
    out = []
    while tb is not None:
        f = tb.tb_frame
        out.append((f.f_code.co_name, tb.tb_lineno - f.f_code.co_firstlineno, sorted(k for k in f.f_locals if k != "last")))
        tb = tb.tb_next
    return out


def tracebacks(n):
    last = None
    for i in range(n):
        try:
            refuse(i)
        except Exception as e:
            last = e
            if i > n - 4:
                print(i, repr(e), entries(e.__traceback__), e.__traceback__.tb_frame is sys._getframe(),
                      e.__traceback__.tb_next.tb_frame.f_lineno, e.__traceback__.tb_next.tb_frame.f_back is sys._getframe())
    return entries(last.__traceback__)


def middle(i):
    k = i
    try:
        refuse(i)
    except Refused as e:
        k += 1
        return e
    k += 2
    return None


def kept(n):
    out = []
    for i in range(n):
        try:
            e = middle(i)
        except Place as p:
            e = p
        out.append(e)
    e = [x for x in out if x is not None]
    f = e[-2].__traceback__.tb_frame, e[-1].__traceback__.tb_frame
    return len(e), [entries(x.__traceback__) for x in e[-2:]], [g.f_locals.get("k") for g in f], sys.exc_info()


def contexts(n):
    depth = 0
    for i in range(n):
        try:
            try:
                refuse(0)
            except Refused:
                {}[i]
        except KeyError as e:
            depth += type(e.__context__) is Refused and e.__context__.__context__ is None
        if sys.exc_info()[0] is not None:
            depth += 1000000
    return depth


def reraised(n):
    count = 0
    for i in range(n):
        try:
            try:
                refuse(i)
            except Refused:
                count += 1
                raise
            finally:
                count += 10
        except Exception as e:
            count += 100 + len(entries(e.__traceback__))
    return count


def with_handler(n):
    # The loop runs while another exception is being handled.
    try:
        raise ValueError("outer")
    except ValueError as outer:
        hits = 0
        for i in range(n):
            try:
                refuse(i)
            except Refused as e:
                hits += e.__context__ is outer
            except Place as e:
                hits += e.__context__ is outer
        return hits, sys.exc_info()[1] is outer


def generator(n):
    for i in range(n):
        try:
            yield refuse(i)
        except Refused:
            yield -1
        except Place:
            yield -2


def through_generator(n):
    s = 0
    for x in generator(n):
        s += x
        try:
            refuse(x * 3)
        except Refused:
            s += 1
    return s


class Steps:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        self.n -= 1
        if self.n % 5 == 3:
            raise Refused("step")
        if self.n <= 0:
            raise StopIteration
        return self.n


def steps(n):
    s = 0
    for i in range(n):
        try:
            for x in Steps(i % 9):
                s += x
        except Refused as e:
            s += 100
    return s


def leaves(n):
    total = 0
    for i in range(n):
        total += i
        if i == n - 1:
            [][i]
    return total


def caller(n):
    for k in range(3):
        try:
            leaves(n)
        except IndexError as e:
            print(entries(e.__traceback__))


for n in (7, 400):
    print(plain(n), chained(n), natives(n), contexts(n), reraised(n), with_handler(n), through_generator(n), steps(n))
    print(managed(n))
    print(tracebacks(n))
    print(kept(n))
    caller(n)
