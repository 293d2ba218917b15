"""os._exit, a signal and exec end the process while another thread runs: what was flushed before is out."""
import os
import sys

BEFORE = """
import os, sys, threading
def spin():
    while True: pass
threading.Thread(target=spin, daemon=True).start()
for i in range(20000): pass
sys.stdout.write('written\\n')
sys.stdout.flush()
"""
ENDS = {
    "os._exit(3)": (3, b"written\n"),
    "os.kill(os.getpid(), 9)": (-9, b"written\n"),
    "os.execv('/bin/echo', ['echo', 'then'])": (0, b"written\nthen\n"),
}


def outcome(program):
    """Exit code and output of `program`, run by a pystm of its own."""
    r, w = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(w, 1)
        os.close(r)
        os.execv(sys.executable, [sys.executable, "-c", program])
    os.close(w)
    output = b""
    while part := os.read(r, 1000):
        output += part
    os.close(r)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), output


for end, expected in ENDS.items():
    for _ in range(5):
        found = outcome(BEFORE + end)
        if found != expected:
            sys.exit(f"{end}: {found}")
print("ok")
