"""Compares tools/dev/ast_dump with CPython's ast.dump over every .py file below some folders.

usage: compare_ast.py AST_DUMP [--cache FILE] [--show N] FOLDER...

Run it with the CPython whose answers count (/usr/bin/python3, 3.11). The digests of its dumps are
cached, because making them takes longer than everything else.
"""
import argparse
import ast
import hashlib
import os
import subprocess
import sys
import time
import warnings


def python_files(folders):
    for folder in folders:
        for root, dirs, files in os.walk(folder):
            dirs.sort()
            for name in sorted(files):
                if name.endswith('.py'):
                    yield os.path.join(root, name)


def expected_dump(path):
    try:
        with open(path, 'rb') as f:
            tree = ast.parse(f.read())
    except (SyntaxError, ValueError):
        return 'error'
    return ast.dump(tree, include_attributes=True)


def digest(text):
    return hashlib.sha1(text.encode('utf-8', 'surrogatepass')).hexdigest()


def load_cache(path):
    if not path or not os.path.exists(path):
        return {}
    with open(path) as f:
        return dict(line.rstrip('\n').split(' ', 1)[::-1] for line in f)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('ast_dump')
    parser.add_argument('folders', nargs='+')
    parser.add_argument('--cache')
    parser.add_argument('--show', type=int, default=3)
    options = parser.parse_args()
    warnings.simplefilter('ignore')
    sys.setrecursionlimit(10000)
    cache = load_cache(options.cache)
    files = list(python_files(options.folders))
    with open(options.cache or os.devnull, 'a') as out:
        for path in files:
            if path not in cache:
                cache[path] = digest(expected_dump(path))
                out.write(f'{cache[path]} {path}\n')
    if options.ast_dump == 'none':
        return
    different = 0
    started = time.time()
    for first in range(0, len(files), 50):
        chunk = files[first:first + 50]
        result = subprocess.run([options.ast_dump, *chunk], stdout=subprocess.PIPE)
        dumps = result.stdout.split(b'\0')
        for path, got in zip(chunk, dumps):
            if hashlib.sha1(got).hexdigest() == cache[path]:
                continue
            different += 1
            if different <= options.show:
                show_difference(path, got.decode('utf-8', 'surrogatepass'))
            else:
                print(path)
        if len(dumps) - 1 != len(chunk):
            print('crashed within', chunk[len(dumps) - 1])
            different += len(chunk) - len(dumps) + 1
    print(f'{len(files)} files, {different} different, {time.time() - started:.1f} s')
    sys.exit(different != 0)


def show_difference(path, got):
    wanted = expected_dump(path)
    at = next((i for i, (a, b) in enumerate(zip(wanted, got)) if a != b), min(len(wanted), len(got)))
    print(f'--- {path} at {at}')
    print('  CPython:', wanted[max(0, at - 100):at + 150])
    print('  pystm:  ', got[max(0, at - 100):at + 150])


if __name__ == '__main__':
    main()
