"""Runs a program of the suite in two threads at once, each with its own output, and prints one of them.

Both outputs must be the same; else the second is printed, too, so that the comparison fails.
"""
import io
import sys
import threading


def run(source, path, out):
    def own_print(*args, sep=" ", end="\n", file=None, flush=False):
        if file is None or file is sys.stdout:
            file = out
        print(*args, sep=sep, end=end, file=file, flush=flush)

    namespace = {"__name__": "__main__", "__file__": path, "print": own_print}
    try:
        exec(compile(source, path, "exec"), namespace)
    except SystemExit:
        pass


def main():
    path = sys.argv[1]
    sys.argv[:] = [path]
    with open(path, "rb") as f:
        source = f.read()
    outs = [io.StringIO(), io.StringIO()]
    threads = [threading.Thread(target=run, args=(source, path, out)) for out in outs]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    sys.stdout.write(outs[0].getvalue())
    if outs[1].getvalue() != outs[0].getvalue():
        sys.stdout.write("--- the second thread printed:\n" + outs[1].getvalue())


main()
