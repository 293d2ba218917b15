# Exceptions through threads, with blocks and generators: contexts, causes, notes.
import threading
import traceback


class Guard:
    def __init__(self, name, swallow=()):
        self.name, self.swallow = name, swallow

    def __enter__(self):
        trail.append('enter ' + self.name)
        return self

    def __exit__(self, kind, value, tb):
        trail.append('exit %s %s' % (self.name, kind and kind.__name__))
        return kind is not None and issubclass(kind, self.swallow)


def work(k):
    def inner():
        with Guard('a%d' % k), Guard('b%d' % k, (KeyError,)):
            for i in range(50):
                if i == 10 + k:
                    raise (KeyError if k % 2 else LookupError)(k)
        return 'fell through'
    try:
        results[k] = inner()
    except LookupError as e:
        try:
            raise RuntimeError('worker %d' % k) from e
        except RuntimeError as r:
            r.add_note('note %d' % k)
            results[k] = r


results = {}
for k in range(4):
    trail = []
    t = threading.Thread(target=work, args=(k,))
    t.start()
    t.join()
    print(k, trail, results[k] if isinstance(results[k], str) else
          (repr(results[k]), repr(results[k].__cause__), results[k].__context__ is results[k].__cause__,
           results[k].__notes__, len(traceback.extract_tb(results[k].__traceback__)),
           len(traceback.extract_tb(results[k].__cause__.__traceback__))))

# Groups gathered from several threads.
errors = []
lock = threading.Lock()


def fail(k):
    try:
        if k % 3 == 0:
            1 // 0
        if k % 3 == 1:
            [][k]
        {}[k]
    except Exception as e:
        with lock:
            errors.append((k, e))


threads = [threading.Thread(target=fail, args=(k,)) for k in range(9)]
for t in threads:
    t.start()
for t in threads:
    t.join()
errors.sort(key=lambda p: p[0])
try:
    raise ExceptionGroup('all', [e for _, e in errors])
except* ZeroDivisionError as g:
    print('zero', len(g.exceptions), g.exceptions[0])
except* IndexError as g:
    print('index', [str(e) for e in g.exceptions])
except* KeyError as g:
    print('key', [e.args for e in g.exceptions])


def hook(args):
    print('hook', args.exc_type.__name__, args.exc_value, args.thread.name)


old, threading.excepthook = threading.excepthook, hook
t = threading.Thread(target=lambda: {}['missing'], name='loser')
t.start()
t.join()
threading.excepthook = old
