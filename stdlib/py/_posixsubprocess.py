"""What module subprocess needs of the operating system: a child that executes a program.

The child is an ordinary fork that goes on in this module until it has executed the program. What fails there
travels through a pipe: "OSError:<errno in hex>:", followed by "noexec" when nothing was executed yet, or
"SubprocessError:0:<message>".
"""
import posix

_ENOENT, _ENOTDIR = 2, 20
_RESTORED = ("SIGPIPE", "SIGXFZ", "SIGXFSZ")


def fork_exec(args, executables, close_fds, keep, cwd, env, p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite,
              errpipe_read, errpipe_write, restore_signals, new_session, process_group, gid, groups, uid, umask,
              preexec, allow_vfork, /):
    if close_fds and errpipe_write < 3:
        raise ValueError("errpipe_write must be >= 3")
    if not isinstance(keep, tuple) or any(a >= b for a, b in zip(keep, keep[1:])) or any(fd < 0 for fd in keep):
        raise ValueError("bad value(s) in fds_to_keep")
    args = list(args)
    if env is not None:
        env = dict(entry.split(b"=", 1) for entry in env)
    pid = posix._fork(preexec is not None)
    if pid != 0:
        return pid
    report = b"SubprocessError:0:"
    stage = b"noexec"
    try:
        for fd in keep:
            if fd != errpipe_write:
                posix.set_inheritable(fd, True)
        _standard_streams(p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite)
        if cwd is not None:
            posix.chdir(cwd)
        if umask >= 0:
            posix.umask(umask)
        if restore_signals:
            _restore_signals()
        if new_session:
            posix.setsid()
        if process_group >= 0:
            posix.setpgid(0, process_group)
        if groups is not None:
            posix.setgroups(groups)
        if gid is not None:
            posix.setregid(gid, gid)
        if uid is not None:
            posix.setreuid(uid, uid)
        stage = b""
        if preexec is not None:
            try:
                preexec()
            except BaseException:
                report += b"Exception occurred in preexec_fn."
                return _leave(errpipe_write, report)
        if close_fds:
            _close_all_but(keep)
        _execute(executables, args, env)
    except OSError as error:
        report = b"OSError:%x:%s" % (error.errno, stage)
    except BaseException as error:
        report += str(error).encode()
    return _leave(errpipe_write, report)


def _leave(pipe, report):
    try:
        posix.write(pipe, report)
    finally:
        posix._exit(255)


def _standard_streams(p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite):
    for parents in (p2cwrite, c2pread, errread):
        if parents != -1:
            posix.close(parents)
    # No source may be overwritten before it has been copied to its place.
    if c2pwrite == 0:
        c2pwrite = posix.dup(c2pwrite)
    while errwrite in (0, 1):
        errwrite = posix.dup(errwrite)
    for place, source in enumerate((p2cread, c2pwrite, errwrite)):
        if source == place:
            posix.set_inheritable(source, True)
        elif source != -1:
            posix.dup2(source, place)


def _restore_signals():
    import _signal
    for name in _RESTORED:
        if hasattr(_signal, name):
            _signal.signal(getattr(_signal, name), _signal.SIG_DFL)


def _close_all_but(keep):
    for name in posix.listdir("/proc/self/fd"):
        fd = int(name)
        if fd > 2 and fd not in keep:
            try:
                posix.close(fd)
            except OSError:
                pass  # the one that the directory was read by


def _execute(executables, args, env):
    """Each in turn; what went wrong with one that exists counts."""
    met = None
    for path in executables:
        try:
            if env is None:
                posix.execv(path, args)
            else:
                posix.execve(path, args, env)
        except OSError as error:
            if met is None or error.errno not in (_ENOENT, _ENOTDIR):
                met = error
            if error.errno not in (_ENOENT, _ENOTDIR):
                break
    if met is not None:
        raise met
