#!/usr/bin/env python3
"""Raw accesses to mutable heap fields must say why they need no barrier.

Only stm/ and gc/ may touch `vlock`, `state_`, `Raw::state` or assign a `shape_id` freely. Anywhere
else the line, or the comment line above it, carries `// NOBARRIER: reason`. Prints the offenders
and the number of excused accesses; exit status 1 if there are offenders.

    check_barriers.py [file or folder ...]        default: the source folders of the repository
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FREE = ("stm", "gc")
DEFAULT = ("base", "vm", "jit", "stdlib", "tools", "tests")
RAW = re.compile(r"\bvlock\b|(->|\.)state_\b|\bRaw::state\b|\bshape_id\s*=(?!=)")
EXCUSE = re.compile(r"//\s*NOBARRIER:\s*\S")
STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def source_files(arguments):
    for argument in arguments:
        path = pathlib.Path(argument)
        path = path if path.is_absolute() else ROOT / path
        if path.is_dir():
            yield from (p for p in sorted(path.rglob("*")) if p.suffix in (".h", ".cpp"))
        elif path.suffix in (".h", ".cpp"):
            yield path


def check(path):
    """Returns (offending (line number, text) pairs, excused count)."""
    offenders, excused = [], 0
    in_comment = False
    above = ""
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        code = STRING.sub('""', line)
        if in_comment:
            end = code.find("*/")
            code = "" if end < 0 else code[end + 2:]
            in_comment = end < 0
        start = code.find("/*")
        if start >= 0 and code.find("*/", start) < 0:
            code, in_comment = code[:start], True
        code = code.split("//")[0]
        if RAW.search(code):
            if EXCUSE.search(line) or EXCUSE.search(above):
                excused += 1
            else:
                offenders.append((number, line.strip()))
        above = line if line.strip().startswith("//") else ""
    return offenders, excused


def main():
    bad = excused = 0
    for path in source_files(sys.argv[1:] or DEFAULT):
        relative = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        if relative.parts[0] in FREE:
            continue
        offenders, fine = check(path)
        excused += fine
        for number, text in offenders:
            print(f"{relative}:{number}: raw heap access without a NOBARRIER reason: {text}")
        bad += len(offenders)
    print(f"{bad} unexplained, {excused} excused raw heap accesses")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
