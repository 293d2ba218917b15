"""The main demonstration: eight threaded programs with 1 and 2 threads on two cores.

Run by pystm itself:  pystm benchmarks/scaling/run.py [--threads N] [--repeat N] [--control] [NAME ...]
Each program checks its result against the serial one (the same work without threads). The table gives
the best time of the repeats and the speed-up over one thread. With --control also that of as many processes
that share nothing and each do a thread's part: what the machine has to give while we measure.
"""
import os
import sys
import threading
import time

sys.path.insert(0, __file__.rpartition("/")[0] or ".")
import workloads  # noqa: E402


def serial_result(cls):
    w = cls()
    w.prepare(1)
    w.work(0, 1)
    return w.result()


def run_threads(cls, n):
    w = cls()
    w.prepare(n)
    threads = [threading.Thread(target=w.work, args=(k, n)) for k in range(n)]
    start = time.perf_counter()
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return time.perf_counter() - start, w.result()


def run_processes(cls, n):
    w = cls()
    w.prepare(n)
    start = time.perf_counter()
    children = []
    for k in range(n):
        pid = os.fork()
        if pid == 0:
            w.work(k, n)
            os._exit(0)
        children.append(pid)
    for pid in children:
        os.waitpid(pid, 0)
    return time.perf_counter() - start


def progress(text):
    sys.stderr.write("\r%-70s" % text)
    sys.stderr.flush()


def main():
    args = sys.argv[1:]
    threads, repeat, control, names = 2, 5, False, []
    while args:
        a = args.pop(0)
        if a == "--threads":
            threads = int(args.pop(0))
        elif a == "--repeat":
            repeat = int(args.pop(0))
        elif a == "--control":
            control = True
        else:
            names.append(a)
    rows = []
    wrong = 0
    for name, cls in workloads.ALL.items():
        if names and name not in names:
            continue
        progress("%s: serial" % name)
        expected = serial_result(cls)
        best = {}
        for i in range(repeat):
            for n in (1, threads):
                progress("%s: %d thread%s, run %d of %d" % (name, n, "s" if n > 1 else "", i + 1, repeat))
                seconds, result = run_threads(cls, n)
                if result != expected:
                    wrong += 1
                    print("\n%s with %d threads: %r instead of %r" % (name, n, result, expected))
                best[n] = min(seconds, best.get(n, seconds))
            if control and name != "queue":  # its threads hand each other their work
                seconds = run_processes(cls, threads)
                best["processes"] = min(seconds, best.get("processes", seconds))
        rows.append((name, best[1], best[threads], best.get("processes")))
    progress("")
    print("\n%-12s %12s %12s %9s" % ("program", "1 thread ms", "%d threads ms" % threads, "speed-up"))
    for name, one, many, apart in rows:
        note = "   (%d processes %.2fx)" % (threads, one / apart) if apart else ""
        print("%-12s %12.1f %12.1f %8.2fx%s" % (name, one * 1e3, many * 1e3, one / many, note))
    print("all results equal the serial ones" if not wrong else "%d wrong results" % wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
