# Descriptors, __getattribute__, class decorators and __init_subclass__ at work in several threads.
import functools
import threading

lock = threading.Lock()


class Field:
    def __set_name__(self, owner, name):
        self.name = '_' + name
        owner.fields = getattr(owner, 'fields', ()) + (name,)

    def __get__(self, obj, owner=None):
        if obj is None:
            return self
        return getattr(obj, self.name, 0)

    def __set__(self, obj, value):
        if value < 0:
            raise ValueError('%s: %r' % (self.name, value))
        with lock:
            obj.__dict__[self.name] = value
            obj.__dict__['changes'] = obj.__dict__.get('changes', 0) + 1


class Registered:
    registry = {}

    def __init_subclass__(cls, tag=None, **kw):
        super().__init_subclass__(**kw)
        with lock:
            Registered.registry[tag] = cls.__name__


def counted(cls):
    original = cls.bump

    @functools.wraps(original)
    def bump(self, *args):
        with lock:
            cls.bumps = getattr(cls, 'bumps', 0) + 1
        return original(self, *args)
    cls.bump = bump
    return cls


def make(k):
    @counted
    class Made(Registered, tag=k):
        x = Field()
        y = Field()

        def bump(self, by):
            """Adds."""
            self.x += by
            self.y = self.x - 5
            return self.x

    m = Made()
    answers = []
    for i in range(12):
        try:
            answers.append(m.bump(i % 3))
        except ValueError as e:
            answers.append(str(e))
    results[k] = answers, Made.bumps, m.changes, Made.fields, Made.bump.__doc__, Made.bump.__name__


results = {}
threads = [threading.Thread(target=make, args=(k,)) for k in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
for k in sorted(results):
    print(k, *results[k])
print(sorted(Registered.registry.items()))


class Proxy:
    def __init__(self, target):
        object.__setattr__(self, 'target', target)

    def __getattribute__(self, name):
        target = object.__getattribute__(self, 'target')
        return getattr(target, name)

    def __setattr__(self, name, value):
        setattr(object.__getattribute__(self, 'target'), name, value)


class Plain:
    def __init__(self):
        self.n = 0

    def inc(self):
        with lock:
            self.n += 1


plain = Plain()
proxy = Proxy(plain)
threads = [threading.Thread(target=lambda: [proxy.inc() for _ in range(100)]) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
proxy.extra = 'set'
print(plain.n, proxy.n, vars(plain))


@functools.lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


values = [None] * 4
threads = [threading.Thread(target=lambda k=k: values.__setitem__(k, fib(60 + k))) for k in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(values, fib.cache_info().currsize)
