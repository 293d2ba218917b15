#!/usr/bin/env python3
"""Random programs must print under pystm, in every mode, what they print under CPython.

usage: run.py PYSTM [--seed N] [--count N] [--batch N] [--modes NAME,...] [--jobs N]     compare
       run.py PYSTM --reduce SEED [--count N] [--mode NAME] [--seconds N]                make a difference small

Programs SEED .. SEED+COUNT-1 (generate.py) run in batches, one process per batch and mode. When a batch differs, its
programs run alone to find which; one that differs only in company is reported as the batch. A mode that needs an
option this pystm does not have is left out.
`--reduce` prints the smallest program it finds that still differs in that mode; several programs in company: --count.
Closing line: N programs, N modes, N differences.
"""
import argparse
import concurrent.futures
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from generate import PRELUDE, batch
from reduce import reduce

REFERENCE = ["/usr/bin/python3", "-W", "ignore"]
JIT = ["--jit", "hotloop=1,hotexit=1,verify=1"]
MODES = {
    "default": [],
    "plain": ["--jit", "off"],
    "stress": ["--jit", "off", "--gc-stress=50"],
    "chaos": ["--jit", "off", "--stm-chaos=50,{seed}"],
    "flip": ["--jit", "off", "--solo-flip=3"],
    "jit": [*JIT],
    "jit-warm": ["--jit", "hotloop=10,hotexit=4,verify=1"],
    "jit-ir": ["--jit", "hotloop=1,hotexit=1,verify=1,backend=interp"],
    "jit-check": [*JIT, "--jit-check", "--stm", "length=5"],
    "jit-stress": [*JIT, "--gc-stress=97"],
    "jit-chaos": [*JIT, "--stm-chaos=50,{seed}"],
    "jit-flip": [*JIT, "--solo-flip=3"],
}
WITHOUT_JIT = "plain,stress,chaos,flip"
TIMEOUT = 10  # seconds per program in a batch, with as much again to start with
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "PYTHONHASHSEED": "0", "HOME": "/tmp", "LC_ALL": "C.UTF-8"}


def run(command, source, programs, folder):
    """What a source prints, and how it ends."""
    handle, path = tempfile.mkstemp(suffix=".py", dir=folder)
    with os.fdopen(handle, "w") as f:
        f.write(source)
    try:
        done = subprocess.run([*command, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT,
                              timeout=TIMEOUT * (programs + 1))
        return done.stdout.decode("utf-8", "replace"), done.returncode, done.stderr.decode("utf-8", "replace")
    except subprocess.TimeoutExpired as late:
        return (late.stdout or b"").decode("utf-8", "replace"), "timeout", ""
    finally:
        os.unlink(path)


def difference(expected, got):
    """Where two runs part, in words; None if they do not."""
    if expected[:2] == got[:2]:
        return None
    want, have = expected[0].splitlines(), got[0].splitlines()
    for at, line in enumerate(want):
        if at >= len(have) or have[at] != line:
            shown = have[at] if at < len(have) else f"(nothing; exit {got[1]}) {got[2][-400:]}"
            return f"line {at + 1}: expected {line[:300]!r}, got {shown[:700]!r}"
    return f"exit {got[1]} instead of {expected[1]}; {len(have) - len(want)} more lines; {got[2][-400:]}"


class Comparison:
    def __init__(self, pystm, modes, folder):
        self.pystm, self.modes, self.folder = pystm, modes, folder

    def command(self, mode, seed):
        return [self.pystm, *(option.format(seed=seed) for option in MODES[mode])]

    def reference(self, source, seeds):
        expected = run(REFERENCE, source, len(seeds), self.folder)
        if expected[1] == "timeout":
            return None
        if expected[1] != 0:
            raise SystemExit(f"seeds {seeds}: CPython itself ends with {expected[1]}: the generator is wrong\n{expected[2][-600:]}")
        return expected

    def check(self, seeds):
        """The differences of one batch: (what ran, mode, words)."""
        source = batch(seeds)
        expected = self.reference(source, seeds)
        found = []
        if expected is None:  # one in thirty thousand squares its ints until nobody can wait for it
            if len(seeds) > 1:
                return [difference for seed in seeds for difference in self.check([seed])]
            print(f"left out: seed {seeds[0]} does not end under CPython", flush=True)
            return []
        for mode in self.modes:
            words = difference(expected, run(self.command(mode, seeds[0]), source, len(seeds), self.folder))
            if words is None:
                continue
            alone = []
            for seed in seeds:
                single = batch([seed])
                got = difference(self.reference(single, [seed]), run(self.command(mode, seed), single, 1, self.folder))
                if got is not None:
                    alone.append((f"seed {seed}", mode, got))
            found += alone or [(f"batch {seeds[0]} --count {len(seeds)}, only in company or not always", mode, words)]
        return found


def available(pystm, modes):
    """The modes whose options this pystm takes."""
    def works(options):
        return subprocess.run([pystm, *(o.format(seed=1) for o in options), "-c", "pass"], capture_output=True).returncode == 0
    return [m for m in modes if works(MODES[m])]


def compare(options, folder):
    modes = available(options.pystm, list(MODES) if options.modes == "all" else options.modes.split(","))
    comparison = Comparison(options.pystm, modes, folder)
    start = time.monotonic()
    seeds = range(options.seed, options.seed + options.count)
    batches = [seeds[at:at + options.batch] for at in range(0, len(seeds), options.batch)]
    differences = done = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for found in pool.map(comparison.check, batches):
            done += 1
            for what, mode, words in found:
                differences += 1
                print(f"DIFFERENT {what} [{mode}]: {words}", flush=True)
            if sys.stdout.isatty() or done % 50 == 0:
                print(f"{done * options.batch} programs, {differences} differences, {time.monotonic() - start:.0f} s", flush=True)
    print(f"{options.count} programs, {len(modes)} modes, {differences} differences")
    return 1 if differences else 0


def shrink(options, folder):
    command = Comparison(options.pystm, [options.mode], folder).command(options.mode, options.reduce)
    seeds = range(options.reduce, options.reduce + max(1, options.count))

    def keeps(source):
        expected = run(REFERENCE, source, 0, folder)
        if expected[1] != 0:
            return False
        return any(difference(expected, run(command, source, 1, folder)) for _ in range(options.tries))

    source = batch(seeds)
    if not keeps(source):
        print("no difference to start with")
        return 1
    small = reduce(source, keeps, options.seconds)
    print(small)
    print("#", difference(run(REFERENCE, small, 1, folder), run(command, small, 1, folder)))
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pystm")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=0)
    parser.add_argument("--batch", type=int, default=20)
    parser.add_argument("--modes", default=WITHOUT_JIT, help="of " + ", ".join(MODES) + "; or all")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--reduce", type=int)
    parser.add_argument("--mode", default="plain", choices=MODES)
    parser.add_argument("--tries", type=int, default=1, help="runs per candidate, for differences that come and go")
    parser.add_argument("--seconds", type=int, default=300)
    options = parser.parse_args()
    options.pystm = str(pathlib.Path(options.pystm).resolve())
    with tempfile.TemporaryDirectory() as folder:
        if options.reduce is not None:
            return shrink(options, folder)
        return compare(options, folder)


if __name__ == "__main__":
    sys.exit(main())
