# cooperative initialisation through a diamond
class Root:
    def __init__(self, **k):
        assert not k, k
        self.log = ["Root"]
class L(Root):
    def __init__(self, left=0, **k):
        super().__init__(**k)
        self.log.append(("L", left))
class R(Root):
    def __init__(self, right=0, **k):
        super().__init__(**k)
        self.log.append(("R", right))
class Both(L, R):
    def __init__(self, **k):
        super().__init__(**k)
        self.log.append("Both")
    def __setattr__(self, n, v): super().__setattr__(n, v)
print(Both(left=1, right=2).log)
