# Keywords for a subclass of a builtin class go to the method that the subclass defines.
for base, argument in ((list, [1]), (tuple, [1]), (set, [1]), (frozenset, [1]), (float, 1.5)):
    class Plain(base):
        pass

    class Init(base):
        def __init__(self, argument, extra=None):
            self.extra = extra

    class New(base):
        def __new__(cls, argument, extra=None):
            made = super().__new__(cls, argument)
            made.extra = extra
            return made

    for cls in (Plain, Init, New):
        try:
            made = cls(argument, extra=3)
            print(base.__name__, cls.__name__, made, made.extra)
        except TypeError as error:
            print(base.__name__, cls.__name__, error)
