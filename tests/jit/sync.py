"""Locks and atomic blocks are entered and left inside a trace, which keeps what it knows meanwhile."""
import collections
import threading

from pystm import atomic, is_atomic


class Account:
    def __init__(self):
        self.balance = 0
        self.lock = threading.Lock()


def locked(n, account):
    for i in range(n):          # loop: calls<=2, no GuardValid, Call
        with account.lock:      # run: entries<=60, sides<=1
            account.balance += 1


def by_hand(n, lock, account):
    for i in range(n):          # loop: calls<=2, Call
        lock.acquire()
        account.balance += 1
        lock.release()


def reentrant(n, lock, account):
    for i in range(n):          # loop: calls<=4, Call
        with lock:
            with lock:
                account.balance += 1


def in_blocks(n, account):
    for i in range(n):          # loop: calls<=2, Call
        with atomic:
            account.balance += 1


def raising(n, account):
    for i in range(n):
        try:
            with atomic:
                account.balance += 1
                if i % 7 == 0:
                    raise ValueError
        except ValueError:
            account.balance -= 1
        assert not is_atomic()


account = Account()
locked(3000, account)
assert account.balance == 3000 and not account.lock.locked()
by_hand(3000, account.lock, account)
assert account.balance == 6000 and not account.lock.locked()
r = threading.RLock()
reentrant(3000, r, account)
assert account.balance == 9000 and not r._is_owned()
in_blocks(3000, account)
assert account.balance == 12000 and not is_atomic()
raising(3000, account)
assert account.balance == 12000 + 3000 - 429

# A lock that is held meanwhile: the trace leaves, and the interpreter waits, or finds the error.
def released_twice(n, lock):
    for i in range(n):
        if i != 2900:
            lock.acquire()
        lock.release()


try:
    released_twice(3000, threading.Lock())
except RuntimeError as e:
    assert str(e) == "release unlocked lock"
else:
    assert False


def tried(n, lock):
    taken = 0
    for i in range(n):          # loop: calls<=2, Call
        if lock.acquire(False):
            taken += 1
            lock.release()
    return taken


def counted(n, text, deque):
    total = 0
    for i in range(n):          # loop: calls<=2
        if deque:
            total += len(deque) + len(text)
    return total


def held_for_ever(n, lock):
    failed = 0
    for i in range(n):          # run: sides<=1
        if not lock.acquire(False):
            failed += 1
    return failed


free, held = threading.Lock(), threading.Lock()
held.acquire()
assert tried(3000, free) == 3000 and not free.locked()
assert held_for_ever(3000, held) == 3000
assert counted(3000, "text", collections.deque("abc")) == 21000
