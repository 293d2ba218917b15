# arithmetic expressions group by precedence
print(2 + 3 * 4, (2 + 3) * 4, 2 ** 3 ** 2, -2 ** 2, (-2) ** 2, 2 ** -1)
print(7 // 2, -7 // 2, 7 // -2, 7 % 3, -7 % 3, 7 % -3, 7.5 // 2, -7.5 % 2)
print(1 << 10, 1024 >> 3, -1 >> 5, 6 & 3, 6 | 3, 6 ^ 3, ~6, - -3, + +3, not not 3)
print(1 + 2 << 3 & 0xff | 1 ^ 5, 1 < 2 == True, not 1 == 2)
