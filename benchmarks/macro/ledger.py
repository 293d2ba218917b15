"""Writes to many old objects: transfers between accounts with limits, journals and undo, attribute by attribute."""


class Account:
    def __init__(self, number, balance):
        self.number = number
        self.balance = balance
        self.moves = 0
        self.last = None
        self.journal = []
        self.flags = {"open": True}


class Refused(Exception):
    pass


class Bank:
    def __init__(self, n):
        self.accounts = [Account(i, 1000 + i % 7 * 10) for i in range(n)]
        self.by_number = {a.number: a for a in self.accounts}
        self.volume = 0
        self.refused = 0

    def transfer(self, source, target, amount):
        a = self.by_number[source]
        b = self.by_number[target]
        if a.balance < amount:
            raise Refused(source)
        a.balance -= amount
        b.balance += amount
        a.moves += 1
        b.moves += 1
        a.last = b
        b.last = a
        a.journal.append(-amount)
        b.journal.append(amount)
        if len(b.journal) > 12:
            b.journal = b.journal[-4:]
        b.flags["seen"] = a.moves
        self.volume += amount

    def undo(self, account):
        if account.journal and account.last is not None and account.last.journal:
            amount = account.journal.pop()
            account.balance -= amount
            account.last.balance += amount
            account.moves -= 1


def bench():
    bank = Bank(900)
    state = 99
    for i in range(28000):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        try:
            bank.transfer((state >> 8) % 900, (state >> 18) % 900, 10 + state % 190)
        except Refused:
            bank.refused += 1
        if state & 0x700 == 0:
            bank.undo(bank.accounts[i % 900])
    total = sum(a.balance for a in bank.accounts)
    return (total * 31 + bank.volume + bank.refused * 7 + sum(a.moves * a.number for a in bank.accounts) +
            sum(a.flags.get("seen", 0) for a in bank.accounts))
