"""Object-oriented simulation of a small operating system: tasks of several classes exchange packets through queues."""


class Packet:
    def __init__(self, link, target, kind):
        self.link = link
        self.target = target
        self.kind = kind
        self.place = 0
        self.data = [0, 0, 0, 0]

    def append_to(self, queue):
        self.link = None
        if queue is None:
            return self
        p = queue
        while p.link is not None:
            p = p.link
        p.link = self
        return queue


class Task:
    def __init__(self, system, name, priority):
        self.system = system
        self.name = name
        self.priority = priority
        self.queue = None
        self.held = False
        self.waiting = True
        self.runs = 0

    def ready(self):
        return not self.held and (self.queue is not None or not self.waiting)

    def take(self):
        packet = self.queue
        if packet is not None:
            self.queue = packet.link
            packet.link = None
        return packet

    def send(self, packet):
        target = self.system.tasks[packet.target]
        packet.target = self.name
        target.queue = packet.append_to(target.queue)
        self.system.sent += 1

    def run(self):
        self.runs += 1
        self.step(self.take())


class Idle(Task):
    def __init__(self, system, name, rounds):
        super().__init__(system, name, 0)
        self.rounds = rounds
        self.waiting = False
        self.control = 1

    def step(self, packet):
        self.rounds -= 1
        if self.rounds == 0:
            self.held = True
        elif self.control & 1 == 0:
            self.control //= 2
            self.system.tasks["device0"].held = False
        else:
            self.control = (self.control // 2) ^ 0xD008
            self.system.tasks["device1"].held = False


class Device(Task):
    def __init__(self, system, name):
        super().__init__(system, name, 4)
        self.pending = None

    def step(self, packet):
        if packet is None:
            if self.pending is not None:
                work, self.pending = self.pending, None
                self.send(work)
            self.waiting = True
        else:
            self.pending = packet
            self.held = True
            self.waiting = False


class Worker(Task):
    def __init__(self, system, name):
        super().__init__(system, name, 2)
        self.turn = 0
        self.count = 0

    def step(self, packet):
        if packet is None:
            self.waiting = True
            return
        self.turn = 1 - self.turn
        packet.target = "handler%d" % self.turn if packet.kind == 1 else "handler0"
        packet.place = 0
        for i in range(4):
            self.count = self.count % 26 + 1
            packet.data[i] = self.count
        self.send(packet)


class Handler(Task):
    def __init__(self, system, name, device):
        super().__init__(system, name, 3)
        self.device = device
        self.checksum = 0

    def step(self, packet):
        if packet is None:
            self.waiting = True
            return
        if packet.place < (4 if packet.kind == 1 else 1):
            self.checksum = (self.checksum * 3 + packet.data[packet.place]) % 65521
            packet.place += 1
            packet.target = self.device
        else:
            packet.target = "worker"
        self.send(packet)


class System:
    def __init__(self, rounds):
        self.tasks = {}
        self.sent = 0
        for task in (Idle(self, "idle", rounds), Worker(self, "worker"), Handler(self, "handler0", "device0"),
                     Handler(self, "handler1", "device1"), Device(self, "device0"), Device(self, "device1")):
            self.tasks[task.name] = task
        for k in range(6):
            worker = self.tasks["worker"]
            worker.queue = Packet(None, "handler0", k % 2).append_to(worker.queue)
        self.order = sorted(self.tasks.values(), key=lambda t: -t.priority)

    def schedule(self):
        while True:
            for task in self.order:
                if task.ready():
                    task.run()
                    break
            else:
                return


def bench():
    system = System(12000)
    system.schedule()
    tasks = system.tasks
    return (system.sent * 1000003 + tasks["handler0"].checksum * 101 + tasks["handler1"].checksum +
            sum(t.runs for t in tasks.values()))
