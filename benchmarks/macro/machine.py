"""An interpreter written in Python: a stack machine with a dispatch of ifs, running three programs."""

PUSH, LOAD, STORE, ADD, SUB, MUL, DIV, MOD, LESS, JUMP, JUMP_ZERO, CALL, RETURN, PRINT, HALT = range(15)


def run(code, limit=2000000):
    stack = []
    frames = []
    variables = [0] * 8
    out = []
    pc = steps = 0
    while steps < limit:
        op, arg = code[pc]
        pc += 1
        steps += 1
        if op == PUSH:
            stack.append(arg)
        elif op == LOAD:
            stack.append(variables[arg])
        elif op == STORE:
            variables[arg] = stack.pop()
        elif op == ADD:
            right = stack.pop()
            stack[-1] += right
        elif op == SUB:
            right = stack.pop()
            stack[-1] -= right
        elif op == MUL:
            right = stack.pop()
            stack[-1] *= right
        elif op == DIV:
            right = stack.pop()
            stack[-1] //= right
        elif op == MOD:
            right = stack.pop()
            stack[-1] %= right
        elif op == LESS:
            right = stack.pop()
            stack[-1] = 1 if stack[-1] < right else 0
        elif op == JUMP:
            pc = arg
        elif op == JUMP_ZERO:
            if not stack.pop():
                pc = arg
        elif op == CALL:
            frames.append((pc, variables))
            variables = [stack.pop()] + [0] * 7
            pc = arg
        elif op == RETURN:
            pc, variables = frames.pop()
        elif op == PRINT:
            out.append(stack.pop())
        else:
            return out, steps
    raise RuntimeError("too many steps")


def assemble(text):
    """Lines of `name: op arg`; arguments are numbers or labels."""
    labels, code = {}, []
    for line in text.strip().splitlines():
        label, _, rest = line.rpartition(":")
        if label:
            labels[label.strip()] = len(code)
        code.append(rest.split())
    return [(globals()[words[0]], labels.get(words[1], None) if words[1] in labels else int(words[1]))
            if len(words) > 1 else (globals()[words[0]], None) for words in code]


SUM = """
 PUSH 0
 STORE 0
loop: LOAD 0
 PUSH 5000
 LESS
 JUMP_ZERO end
 LOAD 1
 LOAD 0
 LOAD 0
 MUL
 PUSH 7919
 MOD
 ADD
 STORE 1
 LOAD 0
 PUSH 1
 ADD
 STORE 0
 JUMP loop
end: LOAD 1
 PRINT
 HALT
"""
FIBONACCI = """
 PUSH 17
 CALL fib
 PRINT
 HALT
fib: LOAD 0
 PUSH 2
 LESS
 JUMP_ZERO more
 LOAD 0
 RETURN
more: LOAD 0
 PUSH 1
 SUB
 CALL fib
 LOAD 0
 PUSH 2
 SUB
 CALL fib
 ADD
 RETURN
"""
COLLATZ = """
 PUSH 1
 STORE 0
next: LOAD 0
 PUSH 500
 LESS
 JUMP_ZERO end
 LOAD 0
 STORE 1
step: PUSH 1
 LOAD 1
 LESS
 JUMP_ZERO done
 LOAD 2
 PUSH 1
 ADD
 STORE 2
 LOAD 1
 PUSH 2
 MOD
 JUMP_ZERO even
 LOAD 1
 PUSH 3
 MUL
 PUSH 1
 ADD
 STORE 1
 JUMP step
even: LOAD 1
 PUSH 2
 DIV
 STORE 1
 JUMP step
done: LOAD 0
 PUSH 9
 ADD
 STORE 0
 JUMP next
end: LOAD 2
 PRINT
 HALT
"""


def bench():
    total = 0
    for text in (SUM, FIBONACCI, COLLATZ):
        out, steps = run(assemble(text))
        total = total * 31 + out[0] + steps
    return total
