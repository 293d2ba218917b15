# pystm.jit: what a program may ask and switch. Elsewhere there is nothing to ask.
import re

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
    assert any(t["where"].endswith("switches.py:12") and t["valid"] for t in before["traces"]), before
    jit.off(loop)
    assert loop(5000) == 12497500
    assert wrong(jit.off, 3) is TypeError and wrong(jit.set_param, "speed", 3) is ValueError
    assert wrong(jit.set_param, "hotexit", 0) is ValueError
    jit.set_param("hotexit", 50)
print("done")
