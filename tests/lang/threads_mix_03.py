# Classes that change while instances are used by several threads: methods, properties, bases, __class__.
import threading


class Base:
    def who(self):
        return 'base'

    @property
    def size(self):
        return 1


class Other:
    def who(self):
        return 'other'

    @property
    def size(self):
        return 2


class Thing(Base):
    pass


def all_agree(thing, n, answers):
    for _ in range(n):
        w, s = thing.who(), thing.size
        if w not in answers or s not in (1, 2, 3):
            bad.append((w, s))


bad = []
thing = Thing()
threads = [threading.Thread(target=all_agree, args=(thing, 3000, ('base', 'other', 'patched', 'own'))) for _ in range(3)]
for t in threads:
    t.start()
for i in range(30):
    Thing.__bases__ = (Other,) if i % 2 else (Base,)
    if i % 3 == 0:
        Thing.who = lambda self: 'patched'
    elif i % 3 == 1 and 'who' in Thing.__dict__:
        del Thing.who
    if i % 5 == 0:
        thing.who = lambda: 'own'
    elif 'who' in thing.__dict__:
        del thing.who
for t in threads:
    t.join()
print(bad, sorted(k for k in vars(Thing) if not k.startswith('__')), Thing.__mro__[1].__name__, thing.who())


class State:
    def __init__(self):
        self.steps = 0

    def step(self):
        self.steps += 1
        self.__class__ = self.after


class A(State):
    pass


class B(State):
    pass


class C(State):
    pass


A.after, B.after, C.after = B, C, A
machines = [A() for _ in range(4)]


def drive(m, n):
    for _ in range(n):
        m.step()


threads = [threading.Thread(target=drive, args=(m, 100 + i)) for i, m in enumerate(machines)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print([(type(m).__name__, m.steps, vars(m)) for m in machines])
print(isinstance(machines[0], B), machines[1].__class__.after.__name__)


class Meta(type):
    calls = 0

    def __call__(cls, *args):
        Meta.calls += 1
        return super().__call__(*args)

    def __getattr__(cls, name):
        return '%s.%s' % (cls.__name__, name)


class Made(metaclass=Meta):
    def __init__(self, x=0):
        self.x = x


lock = threading.Lock()


def make(k):
    for i in range(50):
        with lock:
            made.append(Made(k * 50 + i).x)


made = []
threads = [threading.Thread(target=make, args=(k,)) for k in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(Meta.calls, sum(made), Made.anything)
