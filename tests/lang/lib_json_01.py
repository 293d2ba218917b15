# json round trips
import json

d = {"a": [1, 2.5, None, True, "x\n\u20ac\"\\"], "b": {"c": []}, "1": -0.0}
print(json.dumps(d), json.dumps(d, indent=2, sort_keys=True), json.dumps("\u20ac", ensure_ascii=False), json.loads(json.dumps(d)) == d, json.dumps({1: 2, None: 3, True: 4}), json.dumps((1, 2), separators=(",", ":")))
for s in ("{", "[1,]", "nul", '{"a" 1}', '"\x01"', "", "[1 2]", "1 2", '{"a":1,}', '"abc'):
    try: json.loads(s)
    except json.JSONDecodeError as e: print(repr(s), e)
for v in ({1, 2}, object, {(1,): 2}, 1j):
    try: json.dumps(v)
    except TypeError as e: print(e)
print(json.loads("[1e5, -3, 1.0, NaN, Infinity]"), json.loads('{"x": 1}', object_hook=lambda d: ("hook", d)), json.dumps({1, 2}, default=list))
