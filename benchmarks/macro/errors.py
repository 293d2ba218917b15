"""Exceptions: a parser that fails often, clean-up by finally and with, chained errors."""


class ParseError(Exception):
    def __init__(self, place, text):
        super().__init__(text)
        self.place = place


class Resource:
    open_count = 0

    def __enter__(self):
        Resource.open_count = Resource.open_count + 1
        return self

    def __exit__(self, kind, value, tb):
        return kind is KeyError


def number(token, place):
    try:
        return int(token)
    except ValueError as error:
        raise ParseError(place, "not a number") from error


def evaluate(tokens):
    stack = []
    done = 0
    try:
        for place, token in enumerate(tokens):
            if token == "+":
                stack.append(stack.pop() + stack.pop())
            else:
                stack.append(number(token, place))
            done += 1
    finally:
        evaluate.steps += done
    return stack.pop()


def bench():
    evaluate.steps = 0
    good = bad = missing = 0
    programs = [["1", "2", "+"], ["1", "x"], ["+"], ["4", "5", "+", "6", "+"]]
    for i in range(20000):
        try:
            good += evaluate(programs[i % 4])
        except ParseError as error:
            bad += error.place + (1 if error.__cause__ is not None else 0)
        except IndexError:
            missing += 1
        with Resource():
            if i % 5 == 0:
                raise KeyError(i)
    return good * 7 + bad * 3 + missing + evaluate.steps
