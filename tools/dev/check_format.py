#!/usr/bin/env python3
"""Checks that clang-format leaves every C++ source as it is (generated tables exempt).

usage: check_format.py [--fix]
"""
import concurrent.futures
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("base", "gc", "stm", "vm", "jit", "stdlib", "tools", "tests", "benchmarks")
# Generated, or tables of recorded values.
EXEMPT = ("unicode_tables", "character_names", "digest_tables")


def differs(path):
    text = path.read_bytes()
    formatted = subprocess.run(["clang-format", "--style=file", str(path)], capture_output=True, check=True).stdout
    if text == formatted:
        return None
    if "--fix" in sys.argv:
        path.write_bytes(formatted)
        return None
    return str(path.relative_to(ROOT))


def main():
    paths = [p for folder in FOLDERS for p in sorted((ROOT / folder).rglob("*"))
             if p.suffix in (".cpp", ".h") and not any(e in p.name for e in EXEMPT)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        wrong = [p for p in pool.map(differs, paths) if p]
    for p in wrong:
        print(f"{p}: not as clang-format leaves it")
    print(f"{len(paths)} files, {len(wrong)} to format")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
