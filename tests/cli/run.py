#!/usr/bin/env python3
"""Runs the command-line cases of cases.py and compares exit status, output and errors with what CPython 3.11 gave.

    run.py path/to/pystm [case ...]       compare with expected.json
    run.py --record [/usr/bin/python3.11]  record anew
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from cases import CASES

HERE = pathlib.Path(__file__).resolve().parent
EXPECTED = HERE / "expected.json"
# Modes that mean nothing to root are skipped there.
KEEP = ("PATH", "HOME", "TMPDIR")


def run_case(executable, case):
    name, arguments, *rest = case
    more = rest[0] if rest else {}
    with tempfile.TemporaryDirectory() as folder:
        folder = os.path.realpath(folder)
        for path, content in more.get("files", {}).items():
            file = pathlib.Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        for path, mode in more.get("mode", {}).items():
            os.chmod(os.path.join(folder, path), mode)
        env = {k: os.environ[k] for k in KEEP if k in os.environ}
        env.update(LC_ALL="C.UTF-8", PYTHONNOUSERSITE="1", **more.get("env", {}))
        out = open(more["stdout"], "wb") if "stdout" in more else subprocess.PIPE
        try:
            p = subprocess.run([executable, *arguments], cwd=folder, env=env, input=more.get("stdin", "").encode(),
                               stdout=out, stderr=subprocess.PIPE, timeout=60)
        except subprocess.TimeoutExpired:
            return {"code": "timeout", "out": "", "err": ""}
        finally:
            if out is not subprocess.PIPE:
                out.close()
        only = more.get("only")
        result = {"code": p.returncode, "out": "", "err": ""}
        if only == "code":
            return result
        for key, data in ("out", p.stdout or b""), ("err", p.stderr):
            text = data.decode(errors="backslashreplace").replace(folder, "<folder>")
            text = text.replace(os.path.realpath(executable), "<python>").replace(executable, "<python>")
            result[key] = text.split("\n")[0] if only == "first" else text
        return result


# Known to differ, with the cause.
KNOWN = {
    "warn_script": "the source line of a warning comes from linecache, which needs _sre",
    "traceback_lambda": "an attribute whose name stands on a later line takes the position of its object",
}


def main():
    arguments = sys.argv[1:]
    if arguments and arguments[0] == "--record":
        python = shutil.which(arguments[1] if len(arguments) > 1 else "/usr/bin/python3.11")
        EXPECTED.write_text(json.dumps({c[0]: run_case(python, c) for c in CASES}, indent=1, sort_keys=True) + "\n")
        print(len(CASES), "cases recorded")
        return 0
    executable = os.path.abspath(arguments[0])
    expected = json.loads(EXPECTED.read_text())
    chosen = set(arguments[1:])
    failed = known = 0
    for case in CASES:
        if chosen and case[0] not in chosen:
            continue
        want, got = expected[case[0]], run_case(executable, case)
        if want == got:
            continue
        if case[0] in KNOWN:
            known += 1
            continue
        failed += 1
        print("FAIL", case[0])
        for key in ("code", "out", "err"):
            if want[key] != got[key]:
                print(f"  {key}: expected {want[key]!r}\n  {' ' * len(key)}       got {got[key]!r}")
    print(f"{(len(chosen) or len(CASES)) - failed - known} passed, {failed} failed, {known} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
