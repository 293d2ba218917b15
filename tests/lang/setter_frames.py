# Methods whose result is dropped, in which an exception was handled: their frames end like any other.
class Store:
    def __init__(self):
        self.kept = []
        self.frames = []

    def __setitem__(self, key, value):
        try:
            if key % 3 == 0:
                raise KeyError(key)
            self.kept.append(value)
        except KeyError as e:
            self.frames.append(e.__traceback__.tb_frame)
            value = -value

    @property
    def last(self):
        return self.kept[-1]

    @last.setter
    def last(self, value):
        try:
            self.kept[value]
        except IndexError as e:
            self.frames.append(e.__traceback__.tb_frame)
            value = len(self.kept)
        self.kept.append(value)


def run(n):
    s = Store()
    for k in range(n):
        s[k] = k * 2
        if k % 4 == 1:
            s.last = k + n
        if len(s.frames) > 40:
            del s.frames[:20]
    return s


for n in (20, 600):
    s = run(n)
    print(len(s.kept), sum(s.kept), len(s.frames))
    for f in s.frames[-3:]:
        print(f.f_code.co_name, sorted((k, v) for k, v in f.f_locals.items() if k != "self"))
