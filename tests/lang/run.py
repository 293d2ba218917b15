#!/usr/bin/env python3
"""The language suite: programs in tests/lang that must print what CPython 3.11 printed.

usage: run.py PYSTM [--mode MODE] [--jobs N] [NAME ...]       run
       run.py --record [NAME ...]                              record CPython's answers (development)

A program X.py has its recorded answer in expected/X.out (standard output, then a last line with the exit
status). Modes: default; without the compiler: plain, stress (--gc-stress), chaos (--stm-chaos), flip (--solo-flip), off (--stm off),
threads (two threads of one process run the program at the same time: in_two_threads.py), jit (every loop is compiled on
its second iteration), and that with the IR interpreter, --stm-chaos, --gc-stress, two threads, little room for machine code,
and with each entry into machine code checked against the IR interpreter (--jit-check). A program may name modes
it cannot run in:
  # skip: threads (reason)
known_failures.txt names the programs that pystm is known not to run right yet, each with its cause, and
not_twice.txt those that cannot run twice in one process; they count as skipped.
A program that does not end in time is shown with the stacks of its threads (gdb), and after three such the run stops.
Closing line: N passed, N failed, N skipped.
"""
import argparse
import difflib
import concurrent.futures
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
REFERENCE = "/usr/bin/python3"
INTERPRETED = ["--jit", "off"]
JIT = ["--jit", "hotloop=1,hotexit=1,verify=1"]
MODES = {
    "default": [],
    "plain": [*INTERPRETED],
    "stress": [*INTERPRETED, "--gc-stress=97"],
    "chaos": [*INTERPRETED, "--stm-chaos=50,7"],
    "flip": [*INTERPRETED, "--solo-flip=3"],
    "off": [*INTERPRETED, "--stm", "off"],
    "threads": [*INTERPRETED],
    "jit": [*JIT],
    "jit-ir": ["--jit", "hotloop=1,hotexit=1,verify=1,backend=interp"],
    "jit-chaos": [*JIT, "--stm-chaos=50,7"],
    "jit-stress": [*JIT, "--gc-stress=97"],
    "jit-threads": [*JIT],
    "jit-check": [*JIT, "--jit-check", "--stm", "length=5"],
    "jit-evict": ["--jit", "hotloop=1,hotexit=1,verify=1,maxmcode=4"],
}
TIMEOUT = {"threads": 30, "jit-threads": 30}  # seconds; others 60
MAX_TIMEOUTS = 3


def stacks(pid):
    """Where the threads of a process are, as far as a debugger can tell."""
    if shutil.which("gdb") is None:
        return b""
    try:
        return subprocess.run(["gdb", "-p", str(pid), "-batch", "-ex", "thread apply all bt 16"], capture_output=True,
                              timeout=60).stdout
    except subprocess.TimeoutExpired:
        return b""


def answer(command, program, mode="plain"):
    script = [str(program)]
    if mode.endswith("threads"):
        script = [str(HERE / "in_two_threads.py"), str(program)]
    with subprocess.Popen([*command, *script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=HERE,
                          env={"PATH": "/usr/bin:/bin", "PYTHONHASHSEED": "0", "HOME": "/tmp", "LC_ALL": "C.UTF-8"}) as child:
        try:
            out, errors = child.communicate(timeout=TIMEOUT.get(mode, 60))
        except subprocess.TimeoutExpired:
            seen = stacks(child.pid)
            child.kill()
            return b"(timed out)\n", seen
    return out + b"(exit %d)\n" % child.returncode, errors


def named_in(file):
    lines = (HERE / file).read_text().splitlines()
    return {line.split(":")[0] for line in lines if line and not line.startswith("#")}


def skipped(program, mode):
    if mode.endswith("threads") and program.stem in named_in("not_twice.txt"):
        return True
    found = re.search(r"^# skip: (.*)$", program.read_text(errors="replace"), re.M)
    return found is not None and mode in re.split(r"[\s,]+", found.group(1))


def check(pystm, program, mode):
    expected = (HERE / "expected" / (program.stem + ".out")).read_bytes()
    got, errors = answer([pystm, *MODES[mode]], program, mode)
    if got == expected:
        return None
    want, have = expected.decode(errors="replace").splitlines(), got.decode(errors="replace").splitlines()
    for i, line in enumerate(want):
        if i >= len(have) or have[i] != line:
            shown = repr(have[i]) if i < len(have) else "(nothing)"
            if shown.startswith("'--- the second thread"):
                shown += "".join(f"\n  {x}" for x in difflib.unified_diff(want[:-1], have[i + 1:], "expected", "got", "", 0))
            room = 20000 if shown == "'(timed out)'" else 600
            return f"line {i + 1}: expected {line!r}, got {shown}\n" + errors.decode(errors="replace")[-room:]
    return f"more output than expected: {have[len(want)]!r}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pystm", nargs="?")
    parser.add_argument("--mode", default="plain", choices=MODES)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    programs = sorted(p for p in HERE.glob("*.py") if p.name not in ("run.py", "in_two_threads.py"))
    if options.record:
        names = [options.pystm, *options.names] if options.pystm else []
        for p in programs:
            if names and p.stem not in names:
                continue
            out, errors = answer([REFERENCE], p)
            (HERE / "expected" / (p.stem + ".out")).write_bytes(out)
            if b"(exit 0)" not in out:
                print(f"{p.stem}: {out.splitlines()[-1].decode()} {errors.decode()[-300:]}")
        return 0
    if options.names:
        programs = [p for p in programs if p.stem in options.names]
    failed = passed = left_out = 0
    timeouts = 0
    known = named_in("known_failures.txt")
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        jobs = {}
        for p in programs:
            if skipped(p, options.mode):
                left_out += 1
            else:
                jobs[p] = pool.submit(check, str(pathlib.Path(options.pystm).resolve()), p, options.mode)
        for p, job in jobs.items():
            problem = job.result()
            if problem is None:
                passed += 1
                if p.stem in known:
                    print(f"{p.stem} [{options.mode}] passes now: take it out of known_failures.txt")
            elif p.stem in known:
                left_out += 1
            else:
                failed += 1
                print(f"FAILED {p.stem} [{options.mode}]: {problem}", flush=True)
                timeouts += "(timed out)" in problem
                if timeouts >= MAX_TIMEOUTS:
                    pool.shutdown(cancel_futures=True)
                    print("too many timeouts: the rest was not run")
                    break
    print(f"{passed} passed, {failed} failed, {left_out} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
