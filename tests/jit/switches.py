# pystm.jit: what a program may ask and switch. Elsewhere there is nothing to ask.
import re
import subprocess
import sys

try:
    from pystm import jit
except ImportError:
    jit = None


def loop(n):
    s = 0
    for i in range(n):
        s += i
    return s


def quiet(n):
    s = 0
    for i in range(n):
        s -= i
    return s


def hooked(n):
    s = 0
    for i in range(n):
        s ^= i
    return s


FIRST = hooked.__code__.co_firstlineno + 2


def wrong(f, *args):
    try:
        f(*args)
    except (TypeError, ValueError) as e:
        return type(e)


if jit is not None:
    import pystm.jit
    assert pystm.jit is jit
    jit.off(quiet)
    assert loop(5000) == 12497500 and quiet(5000) == -12497500
    text = jit.disassemble(loop)
    assert "AddOv" in text and "add" in text and "loop" in text, text
    # Compiled anew for each listing: the same but for addresses.
    address = re.compile("0x[0-9A-F]+|[0-9]{6,}", re.I)
    assert address.sub("", jit.disassemble(loop.__code__)) == address.sub("", text)
    assert jit.disassemble(quiet) == ""
    before = jit.stats()
    assert before["loops"] >= 1 and before["machine_bytes"] > 0
    assert any(t["where"].endswith("switches.py:14") and t["valid"] for t in before["traces"]), before
    jit.off(loop)
    assert loop(5000) == 12497500
    assert wrong(jit.off, 3) is TypeError and wrong(jit.set_param, "speed", 3) is ValueError
    assert wrong(jit.set_param, "hotexit", 0) is ValueError
    jit.set_param("hotexit", 50)

    # Hooks are called at a boundary after the event; what one raises is not raised where it ran.
    seen = []
    jit.set_hook("start", lambda where, text: seen.append(("start", where.rpartition(":")[2], text)))
    jit.set_hook("stop", lambda where, text: seen.append(("stop", where.rpartition(":")[2], text.split()[0])))
    for _ in range(20):
        hooked(3000)
    assert ("start", str(FIRST), "loop") in seen and ("stop", str(FIRST), "root") in seen, seen
    jit.set_hook("start", None)
    jit.set_hook("stop", None)
    assert wrong(jit.set_hook, "nothing", None) is ValueError and wrong(jit.set_hook, "stop", 3) is TypeError

    # -X perf: one line per piece of machine code, by address, size and name.
    program = "import os\nfor i in range(5000): pass\nprint(open('/tmp/perf-%d.map' % os.getpid()).read())\n"
    lines = subprocess.run([sys.executable, "-X", "perf", "-c", program], capture_output=True, text=True).stdout.splitlines()
    assert any(re.fullmatch("[0-9a-f]+ [0-9a-f]+ <string>:2 loop [0-9]+ solo", line) for line in lines), lines
print("done")
