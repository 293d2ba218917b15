#!/usr/bin/env python3
"""Programs whose threads share objects and which check their own exact result.

usage: run.py PYSTM [--jobs N] [NAME ...]

Each program prints `ok` as its last line and exits with 0, or says what is wrong. It takes the number of threads as its
argument and finds its helpers in support.py. Modes: plain, chaos with three seeds, solo-flip, eight threads.
"""
import argparse
import concurrent.futures
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
MODES = {
    "default": ([], 2),
    "plain": (["--jit", "off"], 2),
    "chaos 1": (["--jit", "off", "--stm-chaos=50,1"], 2),
    "chaos 2": (["--jit", "off", "--stm-chaos=200,2"], 3),
    "chaos 3": (["--jit", "off", "--stm-chaos=1000,3"], 4),
    "solo-flip": (["--jit", "off", "--solo-flip=3"], 2),
    "gc-stress": (["--jit", "off", "--gc-stress=199"], 2),
    "8 threads": ([], 8),
    "jit": (["--jit", "hotloop=2,hotexit=2,verify=1"], 4),
    "jit chaos": (["--jit", "hotloop=2,hotexit=2,verify=1", "--stm-chaos=200,4"], 3),
    "jit gc-stress": (["--jit", "hotloop=2,hotexit=2", "--gc-stress=199"], 2),
}
TIMEOUT = 120


def run(pystm, program, mode):
    options, threads = MODES[mode]
    command = [pystm, *options, str(program), str(threads)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIMEOUT, text=True, errors="replace", cwd=HERE)
    except subprocess.TimeoutExpired:
        return f"{program.name} [{mode}]: timed out\n"
    if done.returncode == 0 and done.stdout.splitlines()[-1:] == ["ok"]:
        return None
    said = "\n".join((done.stdout + done.stderr).splitlines()[-25:])
    return f"{program.name} [{mode}]: exit {done.returncode}\n{said}\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pystm")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    args.pystm = str(pathlib.Path(args.pystm).resolve())
    programs = sorted(p for p in HERE.glob("*.py") if p.name not in ("run.py", "support.py"))
    if args.names:
        programs = [p for p in programs if p.stem in args.names]
    work = [(p, m) for p in programs for m in MODES]
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        failures = [f for f in pool.map(lambda w: run(args.pystm, *w), work) if f is not None]
    for f in failures:
        print(f)
    print(f"{len(work) - len(failures)} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
