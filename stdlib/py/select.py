"""select() and poll objects, both over poll(2)."""
import math
import operator

import posix

error = OSError
PIPE_BUF = 4096
POLLIN, POLLPRI, POLLOUT, POLLERR, POLLHUP, POLLNVAL = 1, 2, 4, 8, 16, 32
POLLRDNORM, POLLRDBAND, POLLWRNORM, POLLWRBAND, POLLMSG, POLLRDHUP = 64, 128, 256, 512, 1024, 8192
_EBADF, _ENOENT = 9, 2
_LONGEST = (1 << 31) - 1


def _descriptor(thing):
    if not isinstance(thing, int):
        method = getattr(thing, "fileno", None)
        if method is None:
            raise TypeError("argument must be an int, or have a fileno() method.")
        thing = method()
        if not isinstance(thing, int):
            raise TypeError("fileno() returned a non-integer")
    if thing < 0:
        raise ValueError(f"file descriptor cannot be a negative integer ({thing})")
    return int(thing)


def _milliseconds(time):
    """Rounded up, so that nobody is told too early; -1: without end."""
    if time is None:
        return -1
    if not isinstance(time, (int, float)):
        time = operator.index(time)
    ms = math.ceil(time)
    if ms > _LONGEST:
        raise OverflowError("timeout is too large")
    return ms if ms >= 0 else -1


def select(rlist, wlist, xlist, timeout=None, /):
    if timeout is not None and not isinstance(timeout, (int, float)):
        raise TypeError("timeout must be a float or None")
    if timeout is not None and timeout < 0:
        raise ValueError("timeout must be non-negative")
    lists = []
    events = {}
    for things, event in ((rlist, POLLIN), (wlist, POLLOUT), (xlist, POLLPRI)):
        pairs = [(_descriptor(thing), thing) for thing in things]
        lists.append(pairs)
        for fd, _ in pairs:
            events[fd] = events.get(fd, 0) | event
    ready = dict(posix._poll(list(events.items()), _milliseconds(None if timeout is None else timeout * 1000)))
    if any(event & POLLNVAL for event in ready.values()):
        raise OSError(_EBADF, posix.strerror(_EBADF))
    masks = (POLLIN | POLLHUP | POLLERR, POLLOUT | POLLERR, POLLPRI)
    return tuple([thing for fd, thing in pairs if ready.get(fd, 0) & mask] for pairs, mask in zip(lists, masks))


class poll:
    def __init__(self):
        self._events = {}

    def register(self, fd, eventmask=POLLIN | POLLPRI | POLLOUT, /):
        self._events[_descriptor(fd)] = operator.index(eventmask)

    def modify(self, fd, eventmask, /):
        fd = _descriptor(fd)
        if fd not in self._events:
            raise OSError(_ENOENT, posix.strerror(_ENOENT))
        self._events[fd] = operator.index(eventmask)

    def unregister(self, fd, /):
        del self._events[_descriptor(fd)]

    def poll(self, timeout=None, /):
        return posix._poll(list(self._events.items()), _milliseconds(timeout))
