# Exceptions raised and handled in a loop: the handler is a part of the trace.
class Refused(Exception):
    pass


class Place(Exception):
    def __init__(self, place, text):
        super().__init__(text)
        self.place = place


def refuse(i):
    raise Refused(i)


def number(text, place):
    try:
        return int(text)
    except ValueError as error:
        raise Place(place, "not a number") from error


class Swallows:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, tb):
        return kind is KeyError


def raised(n):
    count = i = 0
    while i < n:    # run: entries<=30, exits<=30
        try:
            refuse(i)
        except Refused:
            count += 1
        i += 1
    return count


def translated(n):
    count = i = 0
    while i < n:    # run: entries<=200, exits<=200
        try:
            count += number("12" if i & 1 else "x", i)
        except Place as error:
            count += error.place
        i += 1
    return count


def natives(n):
    count = i = 0
    table = {0: 1}
    items = [1]
    while i < n:    # run: entries<=90, exits<=90
        try:
            count += table[i & 3] + items[i & 1]
        except KeyError:
            count += 2
        except IndexError:
            count += 3
        i += 1
    return count


def managed(n):
    count = i = 0
    while i < n:    # run: entries<=60, exits<=60
        with Swallows():
            if i & 1:
                raise KeyError(i)
            count += 1
        i += 1
    return count


assert raised(3000) == 3000
assert translated(3000) == 1500 * 12 + sum(range(0, 3000, 2))
assert natives(3000) == 750 * 2 + 2250 * 2
assert managed(3000) == 1500
