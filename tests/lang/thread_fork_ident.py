# A thread that forks is the same thread in the child.
import os, threading
def f():
    a = threading.get_ident()
    p = os.fork()
    if p == 0:
        print(a == threading.get_ident(), threading.current_thread().name, threading.main_thread() is threading.current_thread(), flush=True)
        os._exit(0)
    os.waitpid(p, 0)
    print('parent', a == threading.get_ident())
t = threading.Thread(target=f); t.start(); t.join()
