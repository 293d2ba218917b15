"""Records CPython's answers in tests/frontend/errors/*.txt.

A case is a line "> SOURCE" (with \\n, \\t, \\r, \\f, \\\\ and \\xNN of UTF-8 bytes escaped) and a line
"= KIND|MESSAGE|LINENO|OFFSET|END_LINENO|END_OFFSET" or "= ok". This script rewrites the second
lines; run it with /usr/bin/python3 (3.11) after adding cases.
"""
import glob
import os
import sys
import warnings


def escape(source):
    out = []
    for byte in source.encode('utf-8', 'surrogatepass'):
        char = chr(byte)
        named = {'\n': '\\n', '\t': '\\t', '\r': '\\r', '\f': '\\f', '\\': '\\\\'}.get(char)
        out.append(named or (char if 32 <= byte < 127 else f'\\x{byte:02x}'))
    return ''.join(out)


def unescape(text):
    return text.encode('ascii').decode('unicode_escape').encode('latin-1').decode('utf-8', 'surrogatepass')


def answer(source):
    try:
        compile(source, '<test>', 'exec', dont_inherit=True)
    except SyntaxError as e:
        return f'{type(e).__name__}|{e.msg}|{e.lineno}|{e.offset}|{e.end_lineno}|{e.end_offset}'
    except (ValueError, MemoryError, RecursionError, OverflowError) as e:
        return f'{type(e).__name__}|{e}|None|None|None|None'
    return 'ok'


def main():
    warnings.simplefilter('ignore')
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'errors')
    for path in sorted(glob.glob(folder + '/*.txt')):
        with open(path) as f:
            lines = [line.rstrip('\n') for line in f]
        with open(path, 'w') as f:
            for line in lines:
                if line.startswith('= '):
                    continue
                f.write(line + '\n')
                if line.startswith('> '):
                    f.write('= ' + answer(unescape(line[2:])) + '\n')


if __name__ == '__main__':
    main()
