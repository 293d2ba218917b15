# the exception hierarchy
def show(c, depth=0):
    print(" " * depth + c.__name__)
    for s in sorted((s for s in c.__subclasses__() if s.__module__ == "builtins"), key=lambda s: s.__name__): show(s, depth + 1)
for c in (ArithmeticError, LookupError, OSError, RuntimeError, ValueError, NameError, SyntaxError, ImportError): show(c)
print(IOError is OSError, EnvironmentError is OSError, issubclass(TimeoutError, OSError), BaseExceptionGroup.__mro__)
