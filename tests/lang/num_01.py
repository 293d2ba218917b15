# small integers cross into big ones and back
x = 2 ** 61
for i in range(6):
    print(x, x + x, x * x, -x, x - 2 ** 62, x // 3, x % 7, x >> 3, x << 3, ~x)
    x = x * 2 + 1
n = 1
for i in range(1, 40): n *= i
for i in range(1, 40): n //= i
print(n, type(n), n is 1 if False else n == 1)
print((2 ** 200) & (2 ** 100 - 1), (2 ** 200 + 5) | 2, -(2 ** 100) >> 99, -(2 ** 100) & 0xff, (1 << 100) ^ -1, (-5) ** 51, 10 ** 50 % 97, divmod(-(10 ** 30), 10 ** 7))
