# Items that move inside long lists: insert, pop, del, slices.


def check(name, ours, model):
    assert ours == list(model), name
    print(name, len(ours), sum(ours) % 1000003, ours[:2], ours[-2:])


def moves(n):
    ours = list(range(n))
    model = tuple(ours)
    for at in (0, n // 3, n - 1):
        ours.insert(at, -at)
        model = model[:at] + (-at,) + model[at:]
    check("insert", ours, model)
    for at in (0, n // 2, -1, -n // 2):
        gone = ours.pop(at)
        at %= len(model)
        assert gone == model[at]
        model = model[:at] + model[at + 1:]
    check("pop", ours, model)
    del ours[n // 4:n // 2]
    model = model[:n // 4] + model[n // 2:]
    check("del", ours, model)
    ours[5:7] = range(300)
    model = model[:5] + tuple(range(300)) + model[7:]
    check("grow", ours, model)
    ours[3:200] = [1, 2]
    model = model[:3] + (1, 2) + model[200:]
    check("shrink", ours, model)
    ours[10:20] = ours[0:10]
    model = model[:10] + model[0:10] + model[20:]
    check("same", ours, model)
    ours.remove(model[17])
    at = model.index(model[17])
    model = model[:at] + model[at + 1:]
    check("remove", ours, model)
    ours += ours
    model += model
    check("extend", ours, model)


for n in (8, 120, 129, 1000, 5000):
    moves(max(n, 64))

# Objects born lately, in a list that has become old.
boxes = [[i] for i in range(6000)]
for round in range(200):
    boxes.insert(round, [round])
    boxes.pop(3000)
    garbage = [[k] for k in range(200)]
print(len(boxes), boxes[0], boxes[199], boxes[200], sum(b[0] for b in boxes))
queue = [[i] for i in range(400)]
seen = 0
while queue:
    head = queue.pop(0)
    seen += head[0]
    if head[0] % 7 == 0 and head[0] > 0:
        queue.append([head[0] - 1])
print(seen)
