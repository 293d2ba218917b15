# assert with and without a message
try: assert 1 == 2
except AssertionError as e: print(repr(e), e.args)
try: assert 0, "text"
except AssertionError as e: print(repr(e))
try: assert [], (1, 2)
except AssertionError as e: print(e.args)
assert True, 1 / 0
print("ok")
