# A child that executes a program: its streams, environment, directory, exit status, and what goes wrong before that.
import os
import select
import subprocess

print(subprocess.run(["/bin/echo", "hello"], capture_output=True))
print(subprocess.run(["/bin/cat"], input="in and out", capture_output=True, text=True).stdout)
print(subprocess.run("echo $GREETING; pwd; echo oops >&2; exit 3", shell=True, cwd="/", env={"GREETING": "hi"},
                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
print(subprocess.call(["sh", "-c", "kill -9 $$"]))
for arguments, options in ((["/nowhere/to/be"], {}), (["true"], {"cwd": "/nowhere"}), (["/etc/passwd"], {})):
    try:
        subprocess.run(arguments, **options)
    except OSError as error:
        print(type(error).__name__, error)


def set_it():
    os.environ.clear()
    os.write(1, b"before\n")


print(subprocess.run(["/bin/echo", "after"], preexec_fn=set_it, stdout=subprocess.PIPE).stdout)
try:
    subprocess.run(["true"], preexec_fn=lambda: 1 / 0)
except subprocess.SubprocessError as error:
    print(error)

with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
    print(select.select([child.stdout], [child.stdin], [], 0) == ([], [child.stdin], []))
    child.stdin.write(b"some bytes")
    child.stdin.close()
    poll = select.poll()
    poll.register(child.stdout, select.POLLIN)
    print([event & select.POLLIN for _, event in poll.poll(10_000)], child.stdout.read())
try:
    subprocess.run(["sleep", "60"], timeout=0.1)
except subprocess.TimeoutExpired as error:
    print(error.cmd)
reader, writer = os.pipe()
print(subprocess.run(["sh", "-c", f"echo passed >&{writer}"], pass_fds=[writer]).returncode, os.read(reader, 20))
try:
    select.select([], [], [], -1)
except ValueError as error:
    print(error)
