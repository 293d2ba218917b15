"""Runs a program of the suite in two threads of one process at once and prints what each of them printed.

The first runs it as a function, the second by exec(). Each thread has its own sys.stdout and its own module __main__;
threads that a program starts have those of who started them. Both must print the same and end the same way: then that
is the output and the exit status here.
Else what the second thread printed follows, so that the comparison with the recorded output fails.
"""
import io
import os
import sys
import threading
import types

running = {}  # thread identity -> its Run
get_ident = threading.get_ident


class EachStdout:
    """sys.stdout: the one of the running thread."""

    def __getattr__(self, name):
        return getattr(running[get_ident()].out, name)


class EachMain(types.ModuleType):
    """sys.modules["__main__"]: the one of the running thread."""

    def __getattribute__(self, name):
        return getattr(running[get_ident()].main, name)

    def __setattr__(self, name, value):
        setattr(running[get_ident()].main, name, value)


def start_with_ours(start):
    def start_new_thread(function, args, kwargs={}):
        run = running[get_ident()]

        def begin():
            running[get_ident()] = run
            function(*args, **kwargs)

        return start(begin, ())

    return start_new_thread


class Run:
    def __init__(self, source, path, by_exec):
        self.source, self.path, self.by_exec = source, path, by_exec
        self.out = io.StringIO()
        self.status = 0

    def __call__(self):
        running[get_ident()] = self
        self.main = main = types.ModuleType("__main__")
        main.__file__ = self.path
        main.__builtins__ = __builtins__
        try:
            code = compile(self.source, self.path, "exec")
            if self.by_exec:
                exec(code, main.__dict__)
            else:
                types.FunctionType(code, main.__dict__)()
        except SystemExit as e:
            self.status = e.code if isinstance(e.code, int) else 0 if e.code is None else 1
        except BaseException:
            self.status = 1
            sys.excepthook(*sys.exc_info())


def main():
    path = sys.argv[1]
    sys.argv[:] = [path]
    sys.path[0] = os.path.dirname(path)
    with open(path, "rb") as f:
        source = f.read()
    runs = [Run(source, path, False), Run(source, path, True)]
    threads = [threading.Thread(target=run) for run in runs]
    stdout, sys.stdout = sys.stdout, EachStdout()
    running[get_ident()] = types.SimpleNamespace(out=stdout, main=sys.modules["__main__"])
    sys.modules["__main__"] = EachMain("__main__")
    threading._start_new_thread = start_with_ours(threading._start_new_thread)
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    sys.stdout = stdout
    first, second = runs
    stdout.write(first.out.getvalue())
    if (second.out.getvalue(), second.status) != (first.out.getvalue(), first.status):
        stdout.write(f"--- the second thread ended with {second.status} and printed:\n" + second.out.getvalue())
    sys.exit(first.status)


main()
