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
    wall, cpu = [], []
    answer = None
    for _ in range(iterations):
        start, start_cpu = time.perf_counter(), time.process_time()
        result = bench()
        cpu.append(time.process_time() - start_cpu)
        wall.append(time.perf_counter() - start)
        if answer is not None and result != answer:
            raise SystemExit("%s: answers differ: %r, %r" % (path, answer, result))
        answer = result
    print('{"answer": "%s", "wall": [%s], "cpu": [%s]}' % (
        answer, ", ".join("%.9f" % t for t in wall), ", ".join("%.9f" % t for t in cpu)))


main()
