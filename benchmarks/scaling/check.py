"""Runs the scaling programs many times, at a fraction of their size, and compares each result with the serial one.

Run by pystm itself:  pystm [--stm-chaos=50,SEED] benchmarks/scaling/check.py [--runs N] [--threads N] [--part N] [NAME ...]
`--part N`: each program does one N-th of its work (default 20). Says how many runs differed; exit 1 if any did.
"""
import sys
import time

sys.path.insert(0, __file__.rpartition("/")[0] or ".")
import run  # noqa: E402
import workloads  # noqa: E402

SIZES = {"fractal": "size", "simulation": "steps", "tables": "rounds", "counters": "rounds", "bank": "rounds",
         "trees": "trees", "words": "files", "queue": "items"}


def smaller(cls, name, part):
    attribute = SIZES[name]
    whole = getattr(cls, attribute)
    if isinstance(whole, tuple):
        return type(cls.__name__, (cls,), {attribute: whole[:max(2, len(whole) // part)]})
    if name == "fractal":  # its work is the square of its size
        return type(cls.__name__, (cls,), {attribute: max(8, int(whole / part ** 0.5))})
    return type(cls.__name__, (cls,), {attribute: max(8, whole // part // 8 * 8)})


def main():
    numbers = {"--runs": 100, "--threads": 2, "--part": 20}
    names = []
    args = sys.argv[1:]
    while args:
        a = args.pop(0)
        if a in numbers:
            numbers[a] = int(args.pop(0))
        else:
            names.append(a)
    runs, threads = numbers["--runs"], numbers["--threads"]
    differed = 0
    for name, cls in workloads.ALL.items():
        if names and name not in names:
            continue
        small = smaller(cls, name, numbers["--part"])
        expected = run.serial_result(small)
        start = time.perf_counter()
        wrong = []
        for _ in range(runs):
            result = run.run_threads(small, threads)[1]
            if result != expected:
                wrong.append(result)
        differed += len(wrong)
        print("%-12s %4d runs, %d threads: %d differ %s(%.1f s)" %
              (name, runs, threads, len(wrong), "%r instead of %r " % (wrong[0], expected) if wrong else "",
               time.perf_counter() - start), flush=True)
    return 1 if differed else 0


if __name__ == "__main__":
    sys.exit(main())
