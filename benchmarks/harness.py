"""Runs one macro program in this process and prints its times as one JSON line.

usage: harness.py FILE ITERATIONS
"""
import sys
import time


def main():
    path, iterations = sys.argv[1], int(sys.argv[2])
    with open(path) as f:
        source = f.read()
    namespace = {"__name__": "bench"}
    exec(compile(source, path, "exec"), namespace)
    bench = namespace["bench"]
    times = []
    answer = None
    for _ in range(iterations):
        start = time.perf_counter()
        result = bench()
        times.append(time.perf_counter() - start)
        if answer is not None and result != answer:
            raise SystemExit("%s: answers differ: %r, %r" % (path, answer, result))
        answer = result
    print('{"answer": "%s", "times": [%s]}' % (answer, ", ".join("%.9f" % t for t in times)))


main()
