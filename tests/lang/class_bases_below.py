# Assignment to __bases__ changes the MRO of every class below, or, when a mro() refuses, of none.
class Old:
    def name(self):
        return "old"


class New:
    def name(self):
        return "new"


class Picky(type):
    refuses = False

    def mro(cls):
        if Picky.refuses:
            raise RuntimeError("no")
        return type.mro(cls)


class Middle(Old):
    pass


class Leaf(Middle):
    pass


class Choosy(Middle, metaclass=Picky):
    pass


for refuses in (True, False):
    Picky.refuses = refuses
    try:
        Middle.__bases__ = (New,)
    except RuntimeError as error:
        print("refused:", error)
    print([c.__name__ for c in Leaf.__mro__], [c.__name__ for c in Choosy.__mro__], Leaf().name(), Middle.__bases__)


class Curious(type):
    """Looks at the class before it has an MRO."""

    def mro(cls):
        if cls.__mro__ is None and cls.__name__ == "Thing":
            for look in (lambda: cls(), lambda: cls.x, lambda: object.__new__(cls), lambda: type("Sub", (cls,), {})):
                try:
                    print(look())
                except (TypeError, AttributeError) as error:
                    print(type(error).__name__, error)
        return type.mro(cls)


Curious("Thing", (), {})


class Mixed(type, Old):
    pass


class Made(metaclass=Mixed):
    x = 1


own_dict = Old.__dict__["__dict__"]
try:
    own_dict.__set__(Made, {})
except AttributeError as error:
    print(error)
print(own_dict.__get__(Made)["x"])
