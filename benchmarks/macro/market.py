"""Object-oriented simulation: traders with strategies meet in an order book."""


class Trader:
    def __init__(self, number, cash):
        self.number = number
        self.cash = cash
        self.goods = 10

    def price(self, step):
        raise NotImplementedError

    def settle(self, amount, price):
        self.goods += amount
        self.cash -= amount * price


class Bull(Trader):
    def price(self, step):
        return 100 + (self.number * 7 + step * 3) % 23


class Bear(Trader):
    def price(self, step):
        return 97 + (self.number * 5 + step * 11) % 19


class Copycat(Trader):
    def __init__(self, number, cash, idol):
        super().__init__(number, cash)
        self.idol = idol

    def price(self, step):
        return self.idol.price(step) + 1


class Market:
    def __init__(self):
        self.traders = []
        self.volume = 0

    def join(self, trader):
        self.traders.append(trader)

    def match(self, buyer, seller, step):
        bid = buyer.price(step)
        ask = seller.price(step)
        if bid >= ask and seller.goods > 0:
            deal = (bid + ask) // 2
            buyer.settle(1, deal)
            seller.settle(-1, deal)
            self.volume += deal

    def run(self, steps):
        n = len(self.traders)
        for step in range(steps):
            for i in range(n):
                self.match(self.traders[i], self.traders[(i * 3 + step) % n], step)


def bench():
    market = Market()
    for k in range(30):
        if k % 3 == 0:
            market.join(Bull(k, 1000))
        elif k % 3 == 1:
            market.join(Bear(k, 1000))
        else:
            market.join(Copycat(k, 1000, market.traders[k - 1]))
    market.run(2500)
    return market.volume + sum(t.cash for t in market.traders)
