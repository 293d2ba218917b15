#!/usr/bin/env python3
"""Interleaved comparison of pystm, CPython and PyPy over the macro programs.

Each program runs in several processes per interpreter, taking turns, so that a slow phase of the
machine hits all of them. Reported per program: the first iteration (fresh process) and the steady
state (best of the later iterations), medians over the processes, and ratios to the others.
usage: run.py [--pystm PATH] [--processes N] [--iterations N] [--json FILE] [NAME ...]
"""
import argparse
import json
import math
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def one_run(command, program, iterations):
    done = subprocess.run([*command, str(HERE / "harness.py"), str(program), str(iterations)],
                          capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        raise SystemExit(f"{command[0]} {program.name}: exit {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout)


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def measure(interpreters, program, processes, iterations):
    runs = {name: [] for name in interpreters}
    answers = set()
    for _ in range(processes):
        for name, command in interpreters.items():
            run = one_run(command, program, iterations)
            answers.add(run["answer"])
            runs[name].append(run["times"])
    if len(answers) != 1:
        raise SystemExit(f"{program.name}: answers differ between interpreters: {answers}")
    return {name: {"first": statistics.median(t[0] for t in times),
                   "steady": statistics.median(min(t[1:] or t) for t in times)}
            for name, times in runs.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pystm", default=str(HERE.parent / "build/release/pystm"))
    parser.add_argument("--processes", type=int, default=5)
    parser.add_argument("--iterations", type=int, default=8)
    parser.add_argument("--json")
    parser.add_argument("--without-pypy", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    interpreters = {"pystm": [options.pystm], "cpython": ["/usr/bin/python3"]}
    if not options.without_pypy:
        interpreters["pypy"] = ["pypy3"]
    programs = sorted((HERE / "macro").glob("*.py"))
    if options.names:
        programs = [p for p in programs if p.stem in options.names]
    results = {}
    others = [name for name in interpreters if name != "pystm"]
    head = "".join(f" | {o} first/steady ms   pystm:{o}" for o in others)
    print(f"{'program':12} {'first ms':>9} {'steady ms':>9}{head}")
    for program in programs:
        r = results[program.stem] = measure(interpreters, program, options.processes, options.iterations)
        line = f"{program.stem:12} {r['pystm']['first'] * 1e3:9.2f} {r['pystm']['steady'] * 1e3:9.2f}"
        for o in others:
            line += (f" | {r[o]['first'] * 1e3:8.2f} /{r[o]['steady'] * 1e3:8.2f}"
                     f"   {r['pystm']['first'] / r[o]['first']:5.2f} {r['pystm']['steady'] / r[o]['steady']:5.2f}")
        print(line, flush=True)
    for o in others:
        for kind in ("first", "steady"):
            ratios = [r["pystm"][kind] / r[o][kind] for r in results.values()]
            print(f"geometric mean pystm:{o} {kind}: {geometric_mean(ratios):.3f}  worst {max(ratios):.2f}")
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    sys.exit(main())
