# How often a dict or set compares a key; the line of a frame that no handler kept.
n=[0]
class K:
    def __hash__(self): return 1
    def __eq__(self, o): n[0]+=1; return self is o
d={K():1}
n[0]=0; d.setdefault(K(), 5); print(n)
n[0]=0; d.pop(K(), 5); print(n)
n[0]=0; d.get(K(), 5); print(n)
n[0]=0; d[K()]=2; print(n)
n[0]=0; d.update({K():2}); print(n)
n[0]=0; print(K() in d, n)
s={K()}
n[0]=0; s.add(K()); print(n)
n[0]=0; s.discard(K()); print(n)
n[0]=0; print(K() in s, n)
import collections
dd=collections.defaultdict(list); dd[K()]
n[0]=0; dd[K()]; print(n)
n[0]=0; collections.Counter([K(),K()]); print(n)
def f():
    try:
        1/0
    except (
        KeyError):
        pass
    except ValueError:
        pass
try: f()
except ZeroDivisionError as e:
    t = e.__traceback__
    while t: print(t.tb_lineno - f.__code__.co_firstlineno, t.tb_frame.f_lineno - f.__code__.co_firstlineno); t = t.tb_next
