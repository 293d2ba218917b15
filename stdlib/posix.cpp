// posix: the module: its constants, result classes and the functions of the posix_*.cpp files.
#include "stdlib/posix.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <sysexits.h>
#include <unistd.h>

#include "stdlib/modules.h"

extern char** environ;

namespace pystm::lib::posix {

void define_waitid(Context& cx, Module* m);

namespace {

constexpr struct {
  const char* name;
  int64_t value;
} kNumbers[] = {
#define N(x) {#x, static_cast<int64_t>(x)},
    N(F_OK) N(R_OK) N(W_OK) N(X_OK) N(NGROUPS_MAX) N(TMP_MAX) N(WCONTINUED) N(WNOHANG) N(
        WUNTRACED) N(O_RDONLY) N(O_WRONLY) N(O_RDWR) N(O_NDELAY) N(O_NONBLOCK) N(O_APPEND)
        N(O_DSYNC) N(O_RSYNC) N(O_SYNC) N(O_NOCTTY) N(O_CREAT) N(O_EXCL) N(O_TRUNC) N(
            O_LARGEFILE) N(O_PATH) N(O_TMPFILE) N(O_CLOEXEC) N(O_ACCMODE) N(O_ASYNC) N(O_DIRECT)
            N(O_DIRECTORY) N(O_NOFOLLOW) N(O_NOATIME) N(EX_OK) N(EX_USAGE) N(EX_DATAERR) N(
                EX_NOINPUT) N(EX_NOUSER) N(EX_NOHOST) N(EX_UNAVAILABLE) N(EX_SOFTWARE) N(EX_OSERR)
                N(EX_OSFILE) N(EX_CANTCREAT) N(EX_IOERR) N(EX_TEMPFAIL) N(EX_PROTOCOL) N(
                    EX_NOPERM) N(EX_CONFIG) N(ST_RDONLY) N(ST_NOSUID) N(ST_NODEV) N(ST_NOEXEC)
                    N(ST_SYNCHRONOUS) N(ST_MANDLOCK) N(ST_WRITE) N(ST_APPEND) N(
                        ST_NOATIME) N(ST_NODIRATIME) N(ST_RELATIME) N(PRIO_PROCESS) N(PRIO_PGRP)
                        N(PRIO_USER) N(F_LOCK) N(F_TLOCK) N(F_ULOCK) N(F_TEST) N(POSIX_FADV_NORMAL)
                            N(POSIX_FADV_SEQUENTIAL) N(POSIX_FADV_RANDOM) N(POSIX_FADV_NOREUSE)
                                N(POSIX_FADV_WILLNEED) N(POSIX_FADV_DONTNEED) N(P_PID)
                                    N(P_PGID) N(P_ALL) N(P_PIDFD) N(WEXITED) N(WNOWAIT) N(WSTOPPED)
                                        N(CLD_EXITED) N(CLD_KILLED) N(CLD_DUMPED) N(CLD_TRAPPED)
                                            N(CLD_STOPPED) N(CLD_CONTINUED) N(SCHED_OTHER) N(
                                                SCHED_FIFO) N(SCHED_RR) N(SCHED_BATCH) N(SCHED_IDLE)
                                                N(SCHED_RESET_ON_FORK) N(SEEK_DATA) N(SEEK_HOLE)
                                                    N(XATTR_CREATE) N(XATTR_REPLACE) N(RTLD_LAZY)
                                                        N(RTLD_NOW) N(RTLD_GLOBAL) N(RTLD_LOCAL)
                                                            N(RTLD_NODELETE) N(RTLD_NOLOAD)
                                                                N(RTLD_DEEPBIND) N(GRND_RANDOM) N(
                                                                    GRND_NONBLOCK) N(EFD_CLOEXEC)
                                                                    N(EFD_NONBLOCK) N(EFD_SEMAPHORE)
#undef N
                                                                        {"XATTR_SIZE_MAX", 65536},
    {"POSIX_SPAWN_OPEN", 0},
    {"POSIX_SPAWN_CLOSE", 1},
    {"POSIX_SPAWN_DUP2", 2},
    {"SPLICE_F_MOVE", 1},
    {"SPLICE_F_NONBLOCK", 2},
    {"SPLICE_F_MORE", 4},
};

// What os.py needs to know of the C library, by the names it looks for.
constexpr const char* kHave[] = {
    "HAVE_FACCESSAT", "HAVE_FCHDIR",    "HAVE_FCHMOD",       "HAVE_FCHMODAT",  "HAVE_FCHOWN",
    "HAVE_FCHOWNAT",  "HAVE_FDOPENDIR", "HAVE_FEXECVE",      "HAVE_FPATHCONF", "HAVE_FSTATAT",
    "HAVE_FSTATVFS",  "HAVE_FTRUNCATE", "HAVE_FUTIMENS",     "HAVE_LINKAT",    "HAVE_LCHOWN",
    "HAVE_LSTAT",     "HAVE_LUTIMES",   "HAVE_MEMFD_CREATE", "HAVE_MKDIRAT",   "HAVE_MKFIFOAT",
    "HAVE_MKNODAT",   "HAVE_OPENAT",    "HAVE_READLINKAT",   "HAVE_RENAMEAT",  "HAVE_SYMLINKAT",
    "HAVE_UNLINKAT",  "HAVE_UTIMENSAT"};

constexpr struct {
  const char* name;
  int value;
} kSysconf[] = {{"SC_ARG_MAX", _SC_ARG_MAX},
                {"SC_CHILD_MAX", _SC_CHILD_MAX},
                {"SC_CLK_TCK", _SC_CLK_TCK},
                {"SC_IOV_MAX", _SC_IOV_MAX},
                {"SC_NGROUPS_MAX", _SC_NGROUPS_MAX},
                {"SC_OPEN_MAX", _SC_OPEN_MAX},
                {"SC_NPROCESSORS_CONF", _SC_NPROCESSORS_CONF},
                {"SC_NPROCESSORS_ONLN", _SC_NPROCESSORS_ONLN},
                {"SC_PAGESIZE", _SC_PAGESIZE},
                {"SC_PAGE_SIZE", _SC_PAGE_SIZE},
                {"SC_PHYS_PAGES", _SC_PHYS_PAGES},
                {"SC_AVPHYS_PAGES", _SC_AVPHYS_PAGES},
                {"SC_SEM_NSEMS_MAX", _SC_SEM_NSEMS_MAX},
                {"SC_THREADS", _SC_THREADS},
                {"SC_VERSION", _SC_VERSION}};

Result<Value> environment(Context& cx) {
  Dict* d = new_dict(cx);
  for (char** e = environ; e != nullptr && *e != nullptr; ++e) {
    const std::string_view entry(*e);
    const size_t eq = entry.find('=', 1);
    if (eq == std::string_view::npos) continue;
    const Value key = TRY(bytes_of(cx, entry.substr(0, eq))),
                value = TRY(bytes_of(cx, entry.substr(eq + 1)));
    (void)TRY(dict_setdefault(cx, d, key, value));
  }
  return Value(d);
}

void define_results(Context& cx) {
  if (g_stat_result != nullptr) return;
  g_stat_result = make_structseq(
      cx, "os.stat_result",
      {"st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size", "_integer_atime",
       "_integer_mtime", "_integer_ctime", "st_atime", "st_mtime", "st_ctime", "st_atime_ns",
       "st_mtime_ns", "st_ctime_ns", "st_blksize", "st_blocks", "st_rdev"},
      10);
  g_statvfs_result =
      make_structseq(cx, "os.statvfs_result",
                     {"f_bsize", "f_frsize", "f_blocks", "f_bfree", "f_bavail", "f_files",
                      "f_ffree", "f_favail", "f_flag", "f_namemax", "f_fsid"},
                     10);
  g_terminal_size = make_structseq(cx, "os.terminal_size", {"columns", "lines"}, 2);
  g_times_result =
      make_structseq(cx, "posix.times_result",
                     {"user", "system", "children_user", "children_system", "elapsed"}, 5);
  g_uname_result = make_structseq(cx, "posix.uname_result",
                                  {"sysname", "nodename", "release", "version", "machine"}, 5);
  g_sched_param = make_structseq(cx, "posix.sched_param", {"sched_priority"}, 1);
}

Result<void> init(Context& cx, Module* m) {
  define_results(cx);
  for (std::span<const BuiltinDef> table :
       {file_functions(), descriptor_functions(), process_functions()})
    for (const BuiltinDef& f : table)
      TRY(module_add(cx, m, f.name, make_builtin(cx, &f, m, intern(cx, "posix"))));
  for (const auto& n : kNumbers) TRY(module_add_int(cx, m, n.name, n.value));
  for (Type* t : {g_stat_result, g_statvfs_result, g_terminal_size, g_times_result, g_uname_result,
                  g_sched_param})
    TRY(module_add_type(cx, m, t));
  define_waitid(cx, m);
  TRY(define_scandir(cx, m));
  TRY(module_add(cx, m, "environ", TRY(environment(cx))));
  TRY(module_add(cx, m, "error", exception_type(kOSError)));
  List* have = new_list(cx);
  for (const char* h : kHave) TRY(list_append(cx, have, intern(cx, h)));
  TRY(module_add(cx, m, "_have_functions", have));
  Dict* sysconf_names = new_dict(cx);
  for (const auto& s : kSysconf)
    TRY(dict_set_str(cx, sysconf_names, s.name, Value::of_int(s.value)));
  TRY(module_add(cx, m, "sysconf_names", sysconf_names));
  Dict* pathconf_names = new_dict(cx);
  for (auto [name, value] : {std::pair{"PC_LINK_MAX", _PC_LINK_MAX},
                             {"PC_MAX_CANON", _PC_MAX_CANON},
                             {"PC_NAME_MAX", _PC_NAME_MAX},
                             {"PC_PATH_MAX", _PC_PATH_MAX},
                             {"PC_PIPE_BUF", _PC_PIPE_BUF}})
    TRY(dict_set_str(cx, pathconf_names, name, Value::of_int(value)));
  TRY(module_add(cx, m, "pathconf_names", pathconf_names));
  Dict* confstr_names = new_dict(cx);
  for (auto [name, value] : {std::pair{"CS_PATH", _CS_PATH},
                             {"CS_GNU_LIBC_VERSION", _CS_GNU_LIBC_VERSION},
                             {"CS_GNU_LIBPTHREAD_VERSION", _CS_GNU_LIBPTHREAD_VERSION}})
    TRY(dict_set_str(cx, confstr_names, name, Value::of_int(value)));
  return module_add(cx, m, "confstr_names", confstr_names);
}
const ModuleDef kModule = {
    "posix",
    {},
    init,
    "This module provides access to operating system functionality that is\nstandardized by the C "
    "Standard and the POSIX standard (a thinly\ndisguised Unix interface).  Refer to the library "
    "manual and\ncorresponding Unix manual entries for more information on calls."};

}  // namespace
}  // namespace pystm::lib::posix

void pystm::lib::register_posix() { vm::register_module(pystm::lib::posix::kModule); }
