# The sequences' own __mul__, __rmul__ and __imul__ want an index and leave __rmul__ to the operator.
class Index:
    def __index__(self):
        return 2

    def __rmul__(self, other):
        return ('rmul', other)


class NoIndex:
    def __rmul__(self, other):
        return ('rmul', other)


for make in (lambda: [1], lambda: (1,), lambda: 'a', lambda: b'a', lambda: bytearray(b'a')):
    for other in (Index(), NoIndex(), 3, True, 2.0, 'x', None):
        for name in ('__mul__', '__rmul__', '__imul__'):
            s = make()
            try:
                print(name, getattr(s, name)(other) if hasattr(s, name) else 'has none')
            except Exception as e:
                print(name, type(e).__name__, e)
        for f in (lambda a, b: a * b, lambda a, b: b * a):
            try:
                print(f(make(), other))
            except Exception as e:
                print(type(e).__name__, e)
        s = make()
        try:
            s *= other
            print(s)
        except Exception as e:
            print(type(e).__name__, e)
