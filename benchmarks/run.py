#!/usr/bin/env python3
"""Interleaved comparison of pystm, CPython and PyPy over the macro programs.

Each program runs in several processes per interpreter, taking turns, so that a slow phase of the machine hits all
of them. Reported per program: the first iteration (fresh process), the steady state (best of the later half), both
as medians over the processes, and the ratios; with --curve the warm-up: the times of iterations 1, 2, 5, 10, 100.
Times are processor time of the process unless --clock wall: others' load on the machine distorts it less.
A pystm with --jit-stats also gives the compiler's counters: with them in --json, the ones that matter in a table.
The command of an interpreter may carry options: --pystm "PATH --jit off".

usage: run.py [--pystm PATH] [--processes N] [--iterations N] [--curve] [--clock cpu|wall] [--json FILE] [NAME ...]
"""
import argparse
import json
import math
import os
import pathlib
import re
import shlex
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
CURVE = (1, 2, 5, 10, 100)
JIT_COUNTERS = re.compile("loops|traces|recordings|invalid|bytes|ms$|exit|abort")


class Interpreter:
    """A command line, and whether it can say what its compiler did."""

    def __init__(self, name, command):
        self.name, self.command = name, shlex.split(command)
        self.counts = name == "pystm" and "--jit-stats" in subprocess.run(
            [*self.command, "--help-all"], capture_output=True, text=True).stdout

    def run(self, program, iterations):
        options = ["--jit-stats=json"] if self.counts else []
        done = subprocess.run([*self.command, *options, str(HERE / "harness.py"), str(program), str(iterations)],
                              capture_output=True, text=True, timeout=1200)
        if done.returncode != 0:
            raise SystemExit(f"{self.command[0]} {program.name}: exit {done.returncode}\n{done.stderr}")
        result = json.loads(done.stdout)
        for line in done.stderr.splitlines():
            if self.counts and line.startswith('{"jit"'):
                result["jit"] = json.loads(line)["jit"]
        return result


def steady(times):
    return min(times[len(times) // 2:])


def measure(interpreters, program, options):
    """All runs of one program, in turns, and what follows from them."""
    runs = {i.name: [] for i in interpreters}
    for _ in range(options.processes):
        for i in interpreters:
            runs[i.name].append(i.run(program, options.iterations))
    answers = {run["answer"] for found in runs.values() for run in found}
    if len(answers) != 1:
        raise SystemExit(f"{program.name}: answers differ between interpreters: {answers}")
    result = {}
    for name, found in runs.items():
        times = [run[options.clock] for run in found]
        result[name] = {"first": statistics.median(t[0] for t in times),
                        "steady": statistics.median(steady(t) for t in times),
                        "curve": {n: statistics.median(t[n - 1] for t in times) for n in CURVE if n <= options.iterations}}
        if "jit" in found[-1]:
            result[name]["jit"] = found[-1]["jit"]
    return result


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def ratio(result, other, kind):
    return result["pystm"][kind] / result[other][kind]


def print_row(name, result, others):
    line = f"{name:12} {result['pystm']['first'] * 1e3:9.2f} {result['pystm']['steady'] * 1e3:9.2f}"
    for o in others:
        line += (f" | {result[o]['first'] * 1e3:8.2f} /{result[o]['steady'] * 1e3:8.2f}"
                 f"   {ratio(result, o, 'first'):5.2f} {ratio(result, o, 'steady'):5.2f}")
    print(line, flush=True)


def print_curves(results):
    shown = [n for n in CURVE if all(n in r["pystm"]["curve"] for r in results.values())]
    print(f"\nwarm-up, ms of iteration {', '.join(map(str, shown))}")
    for program, result in results.items():
        for name, r in result.items():
            print(f"{program:12} {name:8}" + "".join(f"{r['curve'][n] * 1e3:10.2f}" for n in shown))


def print_compiler(results):
    """The counters of the compiler that tell compile time, code size, exits and aborts."""
    lines = []
    for program, result in results.items():
        found = {k: v for k, v in result["pystm"].get("jit", {}).items() if isinstance(v, (int, float)) and v and JIT_COUNTERS.search(k)}
        if found:
            lines.append(f"{program:12} " + "  ".join(f"{k} {v:g}" for k, v in found.items()))
    if lines:
        print("\ncompiler, per process", *lines, sep="\n")


def print_summary(results, others):
    print()
    for o in others:
        for kind in ("first", "steady"):
            ranked = sorted(((ratio(r, o, kind), program) for program, r in results.items()), reverse=True)
            worst = ", ".join(f"{program} {value:.2f}" for value, program in ranked[:5])
            print(f"pystm:{o} {kind:6} geometric mean {geometric_mean([v for v, _ in ranked]):.3f}   worst: {worst}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pystm", default=str(HERE.parent / "build/release/pystm"))
    parser.add_argument("--cpython", default="/usr/bin/python3")
    parser.add_argument("--pypy", default="pypy3")
    parser.add_argument("--without-pypy", action="store_true")
    parser.add_argument("--processes", type=int, default=5)
    parser.add_argument("--iterations", type=int, default=10)
    parser.add_argument("--clock", choices=("cpu", "wall"), default="cpu")
    parser.add_argument("--curve", action="store_true", help="print the warm-up curves (--iterations 100 for all of it)")
    parser.add_argument("--json")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    interpreters = [Interpreter("pystm", options.pystm), Interpreter("cpython", options.cpython)]
    if not options.without_pypy:
        interpreters.append(Interpreter("pypy", options.pypy))
    programs = sorted((HERE / "macro").glob("*.py"))
    unknown = set(options.names) - {p.stem for p in programs}
    if unknown:
        raise SystemExit(f"no such program: {', '.join(sorted(unknown))}")
    if options.names:
        programs = [p for p in programs if p.stem in options.names]
    others = [i.name for i in interpreters[1:]]
    print(f"load {os.getloadavg()[0]:.1f}; {options.clock} time; {options.processes} processes of {options.iterations} iterations")
    print(f"{'program':12} {'first ms':>9} {'steady ms':>9}" + "".join(f" | {o} first/steady ms   pystm:{o}" for o in others))
    results = {}
    for program in programs:
        results[program.stem] = measure(interpreters, program, options)
        print_row(program.stem, results[program.stem], others)
    if options.curve:
        print_curves(results)
    if interpreters[0].counts:
        print_compiler(results)
    print_summary(results, others)
    if options.json:
        about = {"clock": options.clock, "processes": options.processes, "iterations": options.iterations, "load": os.getloadavg()}
        pathlib.Path(options.json).write_text(json.dumps({"about": about, "programs": results}, indent=1))


if __name__ == "__main__":
    sys.exit(main())
