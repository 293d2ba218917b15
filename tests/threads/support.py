"""What the programs of this folder share: start threads, collect what they raise."""
import sys
import threading

from pystm import atomic

THREADS = int(sys.argv[1]) if len(sys.argv) > 1 else 2


def run(work, threads=THREADS, args=()):
    """work(k, *args) in `threads` threads, started together; returns their results in order."""
    results = [None] * threads
    errors = []
    barrier = threading.Barrier(threads)

    def body(k):
        try:
            barrier.wait()
            results[k] = work(k, *args)
        except BaseException as e:
            import traceback
            errors.append(traceback.format_exc())

    started = [threading.Thread(target=body, args=(k,)) for k in range(threads)]
    for t in started:
        t.start()
    for t in started:
        t.join()
    if errors:
        print("\n".join(errors))
        sys.exit(1)
    return results


def same(got, expected, what):
    if got != expected:
        text = f"{what}: got {got!r}, expected {expected!r}"
        print(text if len(text) < 2000 else text[:2000] + " ...")
        sys.exit(1)
