# coroutine syntax is checked
for src in ["await x", "async def f(): yield from x", "def f(): await x", "def f():\n async with x: pass", "def f(): [x async for x in y]",
            "async def f():\n yield 1\n return 2", "async for x in y: pass", "def f():\n async for x in y: pass", "async x", "await = 1"]:
    try: compile(src, "<s>", "exec")
    except SyntaxError as e: print(repr(src), e.msg)
    else: print("fine", repr(src))
