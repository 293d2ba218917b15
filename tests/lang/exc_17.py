# a program with a parse error exits with status 1
print("never printed")
x = = 1
