#!/usr/bin/env python3
"""Checks that every #include respects the layers (architecture.md section 2).

base <- gc <- stm <- vm <- {jit, stdlib} <- tools/pystm; an arrow reads "may be included by".
Exit status 1 and one line per offence otherwise.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
ALLOWED = {
    "base": {"base"},
    "gc": {"base", "gc"},
    "stm": {"base", "gc", "stm"},
    "vm": {"base", "gc", "stm", "vm"},
    "jit": {"base", "gc", "stm", "vm", "jit"},
    "stdlib": {"base", "gc", "stm", "vm", "stdlib"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)


def main():
    offences = []
    count = 0
    for layer, allowed in ALLOWED.items():
        for path in sorted((ROOT / layer).rglob("*")):
            if path.suffix not in (".h", ".cpp", ".def"):
                continue
            count += 1
            for target in INCLUDE.findall(path.read_text()):
                top = target.split("/")[0]
                if top in ALLOWED and top not in allowed:
                    offences.append(f"{path.relative_to(ROOT)}: includes {target}: {layer} may not know {top}")
    for line in offences:
        print(line)
    print(f"{count} files, {len(offences)} offences")
    return 1 if offences else 0


if __name__ == "__main__":
    sys.exit(main())
