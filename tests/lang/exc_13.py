# uncaught exceptions give exit status 1
import sys

print("before")
def f(): raise ValueError("uncaught")
f()
print("never")
