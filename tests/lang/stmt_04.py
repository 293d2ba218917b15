# if, elif and else choose by truth
def kind(v):
    if v is None: return "none"
    elif isinstance(v, bool): return "bool"
    elif isinstance(v, (int, float)):
        if v < 0: return "negative"
        elif not v: return "zero"
        else: return "positive"
    else: return "other"
print([kind(v) for v in (None, True, -1, 0, 0.0, 2.5, "x", [])])
