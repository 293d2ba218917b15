# set, dict and tuple displays keep order and drop duplicates
print({1: "a", 1.0: "b", True: "c"}, {3, 1, 2, 1}, (), (1,), [], {}, set())
print({"b": 1, "a": 2, "b": 3}, {i: i * i for i in range(4)}, {i % 3 for i in range(9)})
try: {[]: 1}
except TypeError as e: print(e)
try: {{}}
except TypeError as e: print(e)
