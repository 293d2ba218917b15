# the manager of a with statement lives, and stays itself, while its __enter__ runs for long
class Manager:
    def __enter__(self):
        junk = [[i] for i in range(3000)]
        return len(junk)

    def __exit__(self, *exc):
        self.log.append(self.mark)


def make(log, mark):
    m = Manager()
    m.log, m.mark = log, mark
    return m


def fresh(log):
    for i in range(40):
        with make(log, i) as n:
            log.append(n)


def named(log):
    for i in range(40):
        m = make(log, -i)
        with m, make(log, i) as n:
            del m
            log.append(n)


log = []
fresh(log)
named(log)
print(len(log), sum(log), log[:6], log[-6:])
