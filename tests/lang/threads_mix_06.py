# Instances shared by threads: attributes appear, vanish, change kind; __getattr__, __setattr__, __slots__.
import threading


class Loose:
    def __init__(self):
        self.n = 0

    def __getattr__(self, name):
        if name.startswith('_'):
            raise AttributeError(name)
        return 'no ' + name


class Tight:
    __slots__ = ('n', 'm')

    def __init__(self):
        self.n = self.m = 0


class Watched:
    def __setattr__(self, name, value):
        with lock:
            object.__setattr__(self, name, value)
            object.__setattr__(self, 'sets', getattr(self, 'sets', 0) + 1)

    def __delattr__(self, name):
        with lock:
            object.__delattr__(self, name)
            object.__setattr__(self, 'sets', self.sets + 100)


lock = threading.RLock()
loose, tight, watched = Loose(), Tight(), Watched()


def work(k):
    for i in range(100):
        name = 'a%d_%d' % (k, i % 13)
        with lock:
            loose.n += 1
            tight.n += 1
            tight.m -= 1
            if name in loose.__dict__:
                delattr(loose, name)
            else:
                setattr(loose, name, i)
        setattr(watched, name, i)
        if i % 20 == 19:
            delattr(watched, name)
        assert getattr(loose, 'missing%d' % i) == 'no missing%d' % i


threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(loose.n, tight.n, tight.m, watched.sets)
print(sorted(vars(loose).items()))
print(sorted(k for k in vars(watched)))
try:
    tight.z = 1
except AttributeError as e:
    print(e)
del tight.m
try:
    tight.m
except AttributeError as e:
    print(e)
loose.__dict__ = {'fresh': 1}
print(loose.fresh, loose.n, vars(loose))
