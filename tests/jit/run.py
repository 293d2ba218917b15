"""Trace tests: programs whose comments say what the traces of a source line must, or must not, contain.

usage: run.py PYSTM [NAME ...]

A comment on the line where a loop begins (its `for` or `while`) speaks of the loop's trace; more than one such line
may follow it, indented, with nothing but the comment:
    for i in range(n):      # loop: no calls, no New, AddOv, guards<=2
                            # run: entries<=50, sides<=1
  loop:  of the repeated part, behind the Loop instruction: an instruction of that name is there; `no` it is not;
         <=N at most so many, >=N at least. Sunk instructions do not count. Also classes of instructions: guards, allocations,
         barriers, calls.
  loop -PASS: the same of a run with that optimisation switched off (--jit opt=-PASS).
  run:   counters of all traces that begin on the line (entries, exits, aborts), and sides: side traces of the loop.
A program fails, too, if it prints anything else than CPython does on running it (asserts are the usual way).
Closing line: N passed, N failed.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CLASSES = {
    "guards": re.compile(r"Guard|Check(Int|Float|Ref)"),
    "allocations": re.compile(r"New|Box(Int|Float)"),
    "barriers": re.compile(r"ReadCheck|Acquire|Item(Check|Acquire)|UndoItem"),
    "calls": re.compile(r"Call"),
}
COMMENT = re.compile(r"# (loop|run)(?: -(\w+))?: (.*)")
ITEM = re.compile(r"(no )?(\w+)(?:(<=|>=)(\d+))?$")
HEADER = re.compile(r"--- (loop|side trace) (\d+) of (\d+) (.*):(\d+)$")


def claims(path):
    """(line of the loop, kind, optimisation switched off or None, items) of each comment."""
    line = 0
    for number, text in enumerate(path.read_text().splitlines(), 1):
        found = COMMENT.search(text)
        if text.split("#")[0].strip():
            line = number
        if found:
            yield line, found[1], found[2], [item.strip() for item in found[3].split(",")]


def bodies(dump, path):
    """Instruction names behind Loop (if there is one), by line, of the last loop compiled for the line."""
    found, current = {}, None
    for text in dump.splitlines():
        header = HEADER.match(text)
        if header:
            current = []
            if header[1] == "loop" and pathlib.Path(header[4]).name == path.name:
                found[int(header[5])] = current
        elif current is not None and text and "!sunk" not in text:
            words = re.sub(r"^%\d+ = \w+ ", "", text).split()
            if words[0] == "Loop":
                current.clear()
            current.append(words[0])
    return found


def count(name, names):
    pattern = CLASSES.get(name)
    return sum(1 for n in names if (pattern.match(n) if pattern else n == name))


def judge(item, have):
    """What is wrong with it, or None."""
    denied, name, relation, number = ITEM.match(item).groups()
    n = have(name)
    low, high = (0, 0) if denied else (1, n) if relation is None else (0, int(number)) if relation == "<=" else (int(number), n)
    if not low <= n <= high:
        return "%s: there are %d" % (item, n)


def observe(pystm, path, without):
    """(how the run ended, its traces) with the compiler as it is or without an optimisation."""
    with tempfile.TemporaryDirectory() as folder:
        dump = pathlib.Path(folder) / "dump"
        setting = "verify=1" if without is None else "verify=1,opt=-" + without
        done = subprocess.run([pystm, "--jit", setting, "--jit-stats=json", "--jit-dump", dump, path],
                              capture_output=True, text=True, timeout=120)
        return done, bodies(dump.read_text() if dump.exists() else "", path)


def check(pystm, path):
    variants = {None, *(without for _, _, without, _ in claims(path))}
    traces = {}
    for without in variants:
        run, traces[without] = observe(pystm, path, without)
        if run.returncode != 0:
            return [run.stderr[-2000:]]
        if without is None:
            done = run
    expected = subprocess.run([sys.executable, path], capture_output=True, text=True, timeout=120).stdout
    faults = [] if done.stdout == expected else ["prints %r, not %r" % (done.stdout, expected)]
    stats = json.loads(next(text for text in done.stderr.splitlines() if text.startswith('{"jit"')))["jit"]["traces"]
    for line, kind, without, items in claims(path):
        by_line = traces[without]
        here = [t for t in stats if t["where"].endswith("%s:%d" % (path.name, line))]
        loops = {t["number"] for t in here if t["parent"] == 0}
        for t in stats:  # side traces of side traces come after their parents
            if t["parent"] in loops:
                loops.add(t["number"])
        if kind == "loop" and line not in by_line:
            faults.append("line %d: no loop was compiled" % line)
            continue
        if kind == "loop":
            have = lambda name: count(name, by_line[line])
        else:
            roots = sum(1 for t in here if t["parent"] == 0)
            have = lambda name: len(loops) - roots if name == "sides" else sum(t[name] for t in here)
        faults += ["line %d: %s" % (line, fault) for fault in (judge(item, have) for item in items) if fault]
    return faults


def main():
    pystm, names = sys.argv[1], sys.argv[2:]
    failed = passed = 0
    for path in sorted(HERE.glob("*.py")):
        if path.name == "run.py" or (names and path.stem not in names):
            continue
        faults = check(pystm, path)
        failed += bool(faults)
        passed += not faults
        for fault in faults:
            print("FAILED %s: %s" % (path.stem, fault))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
