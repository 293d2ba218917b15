# big number printing and parsing
n = 3 ** 500
print(n, len(str(n)), int(str(n)) == n, hex(n)[:20], int(hex(n), 16) == n, oct(n)[-10:], bin(n).count("1"), f"{n:,}"[:30], f"{n:_x}"[:20], str(-n)[:10])
print(int("f" * 100, 16).bit_length(), int("z" * 30, 36), int("1" * 100, 2) == 2 ** 100 - 1)
import sys
print(sys.get_int_max_str_digits())
try: str(10 ** 5000)
except ValueError as e: print(e)
try: int("1" * 5001)
except ValueError as e: print(e)
sys.set_int_max_str_digits(0)
print(len(str(10 ** 5000)))
try: sys.set_int_max_str_digits(5)
except ValueError as e: print(e)
sys.set_int_max_str_digits(4300)
