// posix: processes, users, the machine.
#include <fcntl.h>
#include <grp.h>
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "stdlib/posix.h"

namespace pystm::lib::posix {

namespace {

Type* g_waitid_result = nullptr;

Result<Value> check(Context& cx, int64_t r) {
  if (r < 0) return raise_errno(cx, errno);
  return make_int(cx, r);
}
Result<void> done(Context& cx, int64_t r) {
  if (r < 0) return raise_errno(cx, errno);
  return {};
}

template <auto F>
int64_t plain(Context&) {
  return static_cast<int64_t>(F());
}
Result<void> posix_exit(Context& cx, int status) {
  stm::become_inevitable(cx, "_exit");
  ::_exit(status);
}
Result<void> posix_abort(Context& cx) {
  stm::become_inevitable(cx, "abort");
  ::abort();
}
Result<void> posix_kill(Context& cx, int64_t pid, int signal) {
  stm::become_inevitable(cx, "kill");
  TRY(done(cx, ::kill(static_cast<pid_t>(pid), signal)));
  return check_signals(cx);
}
Result<void> posix_killpg(Context& cx, int64_t pgid, int signal) {
  stm::become_inevitable(cx, "killpg");
  TRY(done(cx, ::killpg(static_cast<pid_t>(pgid), signal)));
  return check_signals(cx);
}

// --- fork and exec -------------------------------------------------------------------------------

// What was written and still waits must leave once, before there are two processes or another
// program.
void flush_all(Context& cx) {
  stm::become_inevitable(cx, "fork or exec");
  (void)stm::flush_output(cx, 1);
  (void)stm::flush_output(cx, 2);
}

gc::Root* g_hooks[3];  // before, in the parent, in the child

Result<void> register_at_fork(Context& cx, Opt before, Opt after_in_child, Opt after_in_parent) {
  const Opt given[3] = {before, after_in_parent, after_in_child};
  if (!before.given() && !after_in_parent.given() && !after_in_child.given())
    return raise(cx, kTypeError, "At least one argument is required.");
  for (int i = 0; i < 3; ++i) {
    if (!given[i].given()) continue;
    if (!is_callable(given[i].value))
      return raise(cx, kTypeError, "'%s' must be callable, not %s",
                   i == 0   ? "before"
                   : i == 1 ? "after_in_parent"
                            : "after_in_child",
                   TYPE_NAME(given[i].value));
    if (g_hooks[i] == nullptr) g_hooks[i] = new gc::Root(new_list(cx));
    TRY(list_append(cx, g_hooks[i]->value.as<List>(), given[i].value));
  }
  return {};
}
void run_hooks(Context& cx, int which) {
  if (g_hooks[which] == nullptr) return;
  auto* list = g_hooks[which]->value.as<List>();
  const int64_t n = list_length(cx, list);
  for (int64_t i = 0; i < n; ++i) {
    const Value f = list_get(cx, list, which == 0 ? n - 1 - i : i);
    if (!f.is_unset() && call(cx, f, {}).is_error()) write_unraisable(cx, f);
  }
}
template <class F>
Result<pid_t> forked(Context& cx, F&& fork, bool hooks = true) {
  if (hooks) run_hooks(cx, 0);
  flush_all(cx);
  stm::before_fork(cx);
  const pid_t pid = fork();
  const int error = errno;
  if (pid == 0) {
    stm::after_fork_child(cx);
    runtime().main = &cx;
    if (hooks) run_hooks(cx, 2);
    return pid_t{0};
  }
  stm::after_fork_parent(cx);
  if (hooks) run_hooks(cx, 1);
  if (pid < 0) return raise_errno(cx, error);
  return pid;
}
Result<Value> posix_fork(Context& cx) {
  return Value::of_int(TRY(forked(cx, [] { return ::fork(); })));
}
// For module _posixsubprocess, whose child executes a program at once.
Result<Value> fork_with_hooks(Context& cx, bool hooks) {
  return Value::of_int(TRY(forked(
      cx, [] { return ::fork(); }, hooks)));
}
Result<Value> posix_forkpty(Context& cx) {
  int fd = -1;
  const pid_t pid = TRY(forked(cx, [&] { return ::forkpty(&fd, nullptr, nullptr, nullptr); }));
  return Value(TRY(new_tuple(cx, {Value::of_int(pid), Value::of_int(fd)})));
}

struct StringArray {
  std::vector<std::string> texts;
  std::vector<char*> pointers;
  char** data() {
    pointers.clear();
    for (std::string& s : texts) pointers.push_back(s.data());
    pointers.push_back(nullptr);
    return pointers.data();
  }
};
Result<std::string> os_text(Context& cx, Value v) {
  const Value p = TRY(fspath(cx, v));
  std::string s = is_str(p) ? fs_encode(TRY(flatten(cx, p)))
                            : std::string(bytes_view(unwrap_derived(p).as<Bytes>()));
  if (s.find('\0') != std::string::npos) return raise(cx, kValueError, "embedded null byte");
  return s;
}
Result<void> arguments_of(Context& cx, Value args, const char* function, StringArray* out) {
  if (!is_list(args) && !is_tuple(args))
    return raise(cx, kTypeError, "%s() arg 2 must be a tuple or list", function);
  TRY(for_each(cx, args, [&](Value v) -> Result<void> {
    out->texts.push_back(TRY(os_text(cx, v)));
    return {};
  }));
  if (out->texts.empty()) return raise(cx, kValueError, "%s() arg 2 must not be empty", function);
  return {};
}
Result<void> environment_of(Context& cx, Value env, StringArray* out) {
  const Value items = TRY(call_method(cx, env, names().items, {}));
  return for_each(cx, items, [&](Value pair) -> Result<void> {
    if (!is_tuple(pair)) return raise(cx, kTypeError, "env.items() must give pairs");
    const std::string key = TRY(os_text(cx, (*pair.as<Tuple>())[0])),
                      value = TRY(os_text(cx, (*pair.as<Tuple>())[1]));
    if (key.find('=', 1) != std::string::npos || key.empty())
      return raise(cx, kValueError, "illegal environment variable name");
    out->texts.push_back(key + "=" + value);
    return {};
  });
}
Result<void> posix_execv(Context& cx, Value path, Value argv) {
  Path p;
  TRY(to_path(cx, path, "execv", "path", kPathOnly, &p));
  StringArray args;
  TRY(arguments_of(cx, argv, "execv", &args));
  flush_all(cx);
  ::execv(p.c_str(), args.data());
  return raise_path(cx, errno, p);
}
Result<void> posix_execve(Context& cx, Value path, Value argv, Value env) {
  Path p;
  TRY(to_path(cx, path, "execve", "path", kPathOrFd, &p));
  StringArray args, variables;
  TRY(arguments_of(cx, argv, "execve", &args));
  TRY(environment_of(cx, env, &variables));
  flush_all(cx);
  if (p.fd >= 0)
    ::fexecve(p.fd, args.data(), variables.data());
  else
    ::execve(p.c_str(), args.data(), variables.data());
  return raise_path(cx, errno, p);
}
Result<Value> spawn(Context& cx, bool search, Value path, Value argv, Value env) {
  Path p;
  TRY(to_path(cx, path, search ? "posix_spawnp" : "posix_spawn", "path", kPathOnly, &p));
  StringArray args, variables;
  TRY(arguments_of(cx, argv, "posix_spawn", &args));
  TRY(environment_of(cx, env, &variables));
  flush_all(cx);
  pid_t pid = 0;
  const int error =
      search ? ::posix_spawnp(&pid, p.c_str(), nullptr, nullptr, args.data(), variables.data())
             : ::posix_spawn(&pid, p.c_str(), nullptr, nullptr, args.data(), variables.data());
  if (error != 0) return raise_path(cx, error, p);
  return Value::of_int(pid);
}
Result<Value> posix_spawn_(Context& cx, Value path, Value argv, Value env) {
  return spawn(cx, false, path, argv, env);
}
Result<Value> posix_spawnp_(Context& cx, Value path, Value argv, Value env) {
  return spawn(cx, true, path, argv, env);
}
Result<Value> posix_system(Context& cx, Value command) {
  const std::string text = TRY(os_text(cx, command));
  flush_all(cx);
  int status = 0;
  stm::run_outside(cx, "system", [&] { status = ::system(text.c_str()); });
  return Value::of_int(status);
}

// --- waiting -------------------------------------------------------------------------------------

Result<Value> pair_of(Context& cx, int64_t pid, int status) {
  return Value(TRY(new_tuple(cx, {make_int(cx, pid), Value::of_int(status)})));
}
Result<Value> posix_waitpid(Context& cx, int pid, int options) {
  int status = 0;
  const int64_t r =
      TRY(blocking(cx, "waitpid", [&] { return int64_t{::waitpid(pid, &status, options)}; }));
  if (r < 0) return raise_errno(cx, errno);
  return pair_of(cx, r, status);
}
Result<Value> posix_wait(Context& cx) { return posix_waitpid(cx, -1, 0); }
Result<Value> wait_rusage(Context& cx, int pid, int options) {
  int status = 0;
  rusage usage{};
  const int64_t r =
      TRY(blocking(cx, "wait4", [&] { return int64_t{::wait4(pid, &status, options, &usage)}; }));
  if (r < 0) return raise_errno(cx, errno);
  auto f = [&](const timeval& t) {
    return make_float(cx, static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6);
  };
  auto n = [&](long v) { return make_int(cx, v); };
  const Value items[16] = {
      f(usage.ru_utime),  f(usage.ru_stime),    n(usage.ru_maxrss),  n(usage.ru_ixrss),
      n(usage.ru_idrss),  n(usage.ru_isrss),    n(usage.ru_minflt),  n(usage.ru_majflt),
      n(usage.ru_nswap),  n(usage.ru_inblock),  n(usage.ru_oublock), n(usage.ru_msgsnd),
      n(usage.ru_msgrcv), n(usage.ru_nsignals), n(usage.ru_nvcsw),   n(usage.ru_nivcsw)};
  Value use = TRY(new_tuple(cx, items, 16));
  auto type = import_attr(cx, "resource", "struct_rusage");
  if (!type.is_error()) use = TRY(call(cx, type.value(), {use}));
  clear_exception(cx);
  return Value(TRY(new_tuple(cx, {make_int(cx, r), Value::of_int(status), use})));
}
Result<Value> posix_wait4(Context& cx, int pid, int options) {
  return wait_rusage(cx, pid, options);
}
Result<Value> posix_wait3(Context& cx, int options) { return wait_rusage(cx, -1, options); }
Result<Value> posix_waitid(Context& cx, int idtype, int64_t id, int options) {
  siginfo_t info{};
  const int64_t r = TRY(blocking(cx, "waitid", [&] {
    return int64_t{::waitid(static_cast<idtype_t>(idtype), static_cast<id_t>(id), &info, options)};
  }));
  if (r < 0) return raise_errno(cx, errno);
  if (info.si_pid == 0) return kNone;
  const Value items[5] = {Value::of_int(info.si_pid), Value::of_int(info.si_uid),
                          Value::of_int(info.si_signo), Value::of_int(info.si_status),
                          Value::of_int(info.si_code)};
  return new_struct(cx, g_waitid_result, items, 5);
}
int64_t w_exitstatus(Context&, int status) { return WEXITSTATUS(status); }
int64_t w_termsig(Context&, int status) { return WTERMSIG(status); }
int64_t w_stopsig(Context&, int status) { return WSTOPSIG(status); }
bool w_exited(Context&, int status) { return WIFEXITED(status); }
bool w_signaled(Context&, int status) { return WIFSIGNALED(status); }
bool w_stopped(Context&, int status) { return WIFSTOPPED(status); }
bool w_continued(Context&, int status) { return WIFCONTINUED(status); }
bool w_coredump(Context&, int status) { return WCOREDUMP(status); }
Result<int64_t> exitcode_of(Context& cx, int status) {
  if (WIFEXITED(status)) return int64_t{WEXITSTATUS(status)};
  if (WIFSIGNALED(status)) return int64_t{-WTERMSIG(status)};
  if (WIFSTOPPED(status))
    return raise(cx, kValueError, "process stopped by delivery of signal %d", WSTOPSIG(status));
  return raise(cx, kValueError, "invalid wait status: %d", status);
}

// --- users and groups ----------------------------------------------------------------------------

template <auto F>
Result<void> set_id(Context& cx, int64_t id) {
  stm::become_inevitable(cx, "set id");
  return done(cx, F(static_cast<uid_t>(id)));
}
Result<void> posix_setreuid(Context& cx, int64_t ruid, int64_t euid) {
  stm::become_inevitable(cx, "set id");
  return done(cx, ::setreuid(static_cast<uid_t>(ruid), static_cast<uid_t>(euid)));
}
Result<void> posix_setregid(Context& cx, int64_t rgid, int64_t egid) {
  stm::become_inevitable(cx, "set id");
  return done(cx, ::setregid(static_cast<gid_t>(rgid), static_cast<gid_t>(egid)));
}
Result<Value> posix_getgroups(Context& cx) {
  gid_t ids[1024];
  const int n = ::getgroups(1024, ids);
  if (n < 0) return raise_errno(cx, errno);
  List* out = new_list(cx);
  for (int i = 0; i < n; ++i) TRY(list_append(cx, out, make_uint(cx, ids[i])));
  return Value(out);
}
Result<Value> posix_getgrouplist(Context& cx, Str* user, int64_t group) {
  gid_t ids[1024];
  int n = 1024;
  if (::getgrouplist(vm::to_utf8(user).c_str(), static_cast<gid_t>(group), ids, &n) < 0)
    return raise_errno(cx, errno);
  List* out = new_list(cx);
  for (int i = 0; i < n; ++i) TRY(list_append(cx, out, make_uint(cx, ids[i])));
  return Value(out);
}
Result<void> posix_setgroups(Context& cx, Value groups) {
  std::vector<gid_t> ids;
  TRY(for_each(cx, groups, [&](Value v) -> Result<void> {
    ids.push_back(static_cast<gid_t>(TRY(to_index64(cx, v, kOverflowError))));
    return {};
  }));
  stm::become_inevitable(cx, "setgroups");
  return done(cx, ::setgroups(ids.size(), ids.data()));
}
Result<Value> posix_getresuid(Context& cx) {
  uid_t r, e, s;
  if (::getresuid(&r, &e, &s) != 0) return raise_errno(cx, errno);
  return Value(TRY(new_tuple(cx, {make_uint(cx, r), make_uint(cx, e), make_uint(cx, s)})));
}
Result<Value> posix_getresgid(Context& cx) {
  gid_t r, e, s;
  if (::getresgid(&r, &e, &s) != 0) return raise_errno(cx, errno);
  return Value(TRY(new_tuple(cx, {make_uint(cx, r), make_uint(cx, e), make_uint(cx, s)})));
}
Result<Value> posix_getpgid(Context& cx, int64_t pid) {
  return check(cx, ::getpgid(static_cast<pid_t>(pid)));
}
Result<Value> posix_getsid(Context& cx, int64_t pid) {
  return check(cx, ::getsid(static_cast<pid_t>(pid)));
}
Result<void> posix_setsid(Context& cx) {
  stm::become_inevitable(cx, "setsid");
  return done(cx, ::setsid());
}
Result<void> posix_setpgid(Context& cx, int64_t pid, int64_t pgrp) {
  stm::become_inevitable(cx, "setpgid");
  return done(cx, ::setpgid(static_cast<pid_t>(pid), static_cast<pid_t>(pgrp)));
}
Result<void> posix_setpgrp(Context& cx) { return posix_setpgid(cx, 0, 0); }
Result<Value> posix_getlogin(Context& cx) {
  char buffer[256];
  if (const int error = ::getlogin_r(buffer, sizeof(buffer))) return raise_errno(cx, error);
  return fs_decode(cx, buffer);
}
Result<Value> posix_ctermid(Context& cx) {
  char buffer[L_ctermid];
  return fs_decode(cx, ::ctermid(buffer));
}

// --- the machine ---------------------------------------------------------------------------------

Result<Value> posix_times(Context& cx) {
  tms t{};
  const clock_t elapsed = ::times(&t);
  const auto hz = static_cast<double>(::sysconf(_SC_CLK_TCK));
  auto f = [&](clock_t c) { return make_float(cx, static_cast<double>(c) / hz); };
  const Value items[5] = {f(t.tms_utime), f(t.tms_stime), f(t.tms_cutime), f(t.tms_cstime),
                          f(elapsed)};
  return new_struct(cx, g_times_result, items, 5);
}
Result<Value> posix_uname(Context& cx) {
  utsname u{};
  if (::uname(&u) != 0) return raise_errno(cx, errno);
  const Value a = TRY(fs_decode(cx, u.sysname)), b = TRY(fs_decode(cx, u.nodename)),
              c = TRY(fs_decode(cx, u.release)), d = TRY(fs_decode(cx, u.version)),
              e = TRY(fs_decode(cx, u.machine));
  const Value items[5] = {a, b, c, d, e};
  return new_struct(cx, g_uname_result, items, 5);
}
Result<Value> posix_cpu_count(Context& cx) {
  const long n = ::sysconf(_SC_NPROCESSORS_ONLN);
  return n < 1 ? kNone : Value::of_int(n);
}
Result<Value> posix_getaffinity(Context& cx, int64_t pid) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(static_cast<pid_t>(pid), sizeof(set), &set) != 0)
    return raise_errno(cx, errno);
  Set* out = new_set(cx);
  for (int i = 0; i < CPU_SETSIZE; ++i)
    if (CPU_ISSET(i, &set)) (void)TRY(set_add(cx, out, Value::of_int(i)));
  return Value(out);
}
Result<void> posix_setaffinity(Context& cx, int64_t pid, Value mask) {
  cpu_set_t set;
  CPU_ZERO(&set);
  TRY(for_each(cx, mask, [&](Value v) -> Result<void> {
    const int64_t n = TRY(to_index64(cx, v, kOverflowError));
    if (n < 0) return raise(cx, kValueError, "negative CPU number");
    if (n >= CPU_SETSIZE) return raise(cx, kOverflowError, "CPU number too large");
    CPU_SET(static_cast<size_t>(n), &set);
    return {};
  }));
  stm::become_inevitable(cx, "sched_setaffinity");
  return done(cx, ::sched_setaffinity(static_cast<pid_t>(pid), sizeof(set), &set));
}
Result<void> posix_yield(Context& cx) {
  stm::run_outside(cx, "sched_yield", [] { ::sched_yield(); });
  return {};
}
Result<Value> priority_max(Context& cx, int policy) {
  return check(cx, ::sched_get_priority_max(policy));
}
Result<Value> priority_min(Context& cx, int policy) {
  return check(cx, ::sched_get_priority_min(policy));
}
Result<Value> posix_getscheduler(Context& cx, int64_t pid) {
  return check(cx, ::sched_getscheduler(static_cast<pid_t>(pid)));
}
Result<Value> posix_getpriority(Context& cx, int which, int64_t who) {
  errno = 0;
  const int r = ::getpriority(static_cast<__priority_which_t>(which), static_cast<id_t>(who));
  if (r == -1 && errno != 0) return raise_errno(cx, errno);
  return Value::of_int(r);
}
Result<void> posix_setpriority(Context& cx, int which, int64_t who, int priority) {
  stm::become_inevitable(cx, "setpriority");
  return done(
      cx, ::setpriority(static_cast<__priority_which_t>(which), static_cast<id_t>(who), priority));
}
Result<Value> posix_nice(Context& cx, int increment) {
  stm::become_inevitable(cx, "nice");
  errno = 0;
  const int r = ::nice(increment);
  if (r == -1 && errno != 0) return raise_errno(cx, errno);
  return Value::of_int(r);
}
Result<Value> posix_getloadavg(Context& cx) {
  double load[3];
  if (::getloadavg(load, 3) != 3) return raise(cx, kOSError, "Load averages are unobtainable");
  const Value a = make_float(cx, load[0]), b = make_float(cx, load[1]), c = make_float(cx, load[2]);
  return Value(TRY(new_tuple(cx, {a, b, c})));
}
Result<Value> conf_name(Context& cx, Value name, const char* table) {
  if (is_int(name)) return name;
  if (!is_str(name))
    return raise(cx, kTypeError, "configuration names must be strings or integers");
  const Value d = TRY(import_attr(cx, "posix", table));
  const Value v = TRY(dict_get(cx, d.as<Dict>(), name));
  if (v.is_unset()) return raise(cx, kValueError, "unrecognized configuration name");
  return v;
}
Result<Value> posix_sysconf(Context& cx, Value name) {
  const int64_t n = TRY(to_index64(cx, TRY(conf_name(cx, name, "sysconf_names")), kOverflowError));
  errno = 0;
  const long r = ::sysconf(static_cast<int>(n));
  if (r == -1 && errno != 0) return raise_errno(cx, errno);
  return make_int(cx, r);
}
Result<Value> posix_confstr(Context& cx, Value name) {
  const int64_t n = TRY(to_index64(cx, TRY(conf_name(cx, name, "confstr_names")), kOverflowError));
  char buffer[1024];
  errno = 0;
  const size_t r = ::confstr(static_cast<int>(n), buffer, sizeof(buffer));
  if (r == 0) return errno != 0 ? Result<Value>(raise_errno(cx, errno)) : Result<Value>(kNone);
  return fs_decode(cx, buffer);
}
Result<Value> posix_pathconf(Context& cx, Value path, Value name) {
  Path p;
  TRY(to_path(cx, path, "pathconf", "path", kPathOrFd, &p));
  const int64_t n = TRY(to_index64(cx, TRY(conf_name(cx, name, "pathconf_names")), kOverflowError));
  errno = 0;
  const long r = p.fd >= 0 ? ::fpathconf(p.fd, static_cast<int>(n))
                           : ::pathconf(p.c_str(), static_cast<int>(n));
  if (r == -1 && errno != 0) return raise_path(cx, errno, p);
  return make_int(cx, r);
}
Result<Value> posix_strerror(Context& cx, int code) { return str_of(cx, ::strerror(code)); }
Result<void> posix_putenv(Context& cx, Value name, Value value) {
  const std::string n = TRY(os_text(cx, name)), v = TRY(os_text(cx, value));
  if (n.find('=') != std::string::npos)
    return raise(cx, kValueError, "illegal environment variable name");
  stm::become_inevitable(cx, "putenv");
  return done(cx, ::setenv(n.c_str(), v.c_str(), 1));
}
Result<void> posix_unsetenv(Context& cx, Value name) {
  const std::string n = TRY(os_text(cx, name));
  stm::become_inevitable(cx, "unsetenv");
  return done(cx, ::unsetenv(n.c_str()));
}

constexpr BuiltinDef kFunctions[] = {
    function<&plain<::getpid>>("getpid", "()"),
    function<&plain<::getppid>>("getppid", "()"),
    function<&plain<::getuid>>("getuid", "()"),
    function<&plain<::geteuid>>("geteuid", "()"),
    function<&plain<::getgid>>("getgid", "()"),
    function<&plain<::getegid>>("getegid", "()"),
    function<&plain<::getpgrp>>("getpgrp", "()"),
    function<&posix_exit>("_exit", "(status)"),
    function<&posix_abort>("abort", "()"),
    function<&posix_kill>("kill", "(pid, signal, /)"),
    function<&posix_killpg>("killpg", "(pgid, signal, /)"),
    function<&register_at_fork>("register_at_fork",
                                "(*, before=<unrepresentable>, after_in_child=<unrepresentable>, "
                                "after_in_parent=<unrepresentable>)"),
    function<&posix_fork>("fork", "()"),
    function<&fork_with_hooks>("_fork", "(hooks, /)", Effects::kInevitable),
    function<&posix_forkpty>("forkpty", "()"),
    function<&posix_execv>("execv", "(path, argv, /)"),
    function<&posix_execve>("execve", "(path, argv, env)"),
    function<&posix_spawn_>("posix_spawn", "(path, argv, env, /)"),
    function<&posix_spawnp_>("posix_spawnp", "(path, argv, env, /)"),
    function<&posix_system>("system", "(command)", Effects::kBlocks),
    function<&posix_waitpid>("waitpid", "(pid, options, /)", Effects::kBlocks),
    function<&posix_wait>("wait", "()", Effects::kBlocks),
    function<&posix_wait3>("wait3", "(options)", Effects::kBlocks),
    function<&posix_wait4>("wait4", "(pid, options)", Effects::kBlocks),
    function<&posix_waitid>("waitid", "(idtype, id, options, /)", Effects::kBlocks),
    function<&w_exitstatus>("WEXITSTATUS", "(status)"),
    function<&w_termsig>("WTERMSIG", "(status)"),
    function<&w_stopsig>("WSTOPSIG", "(status)"),
    function<&w_exited>("WIFEXITED", "(status)"),
    function<&w_signaled>("WIFSIGNALED", "(status)"),
    function<&w_stopped>("WIFSTOPPED", "(status)"),
    function<&w_continued>("WIFCONTINUED", "(status)"),
    function<&w_coredump>("WCOREDUMP", "(status, /)"),
    function<&exitcode_of>("waitstatus_to_exitcode", "(status)"),
    function<&set_id<::setuid>>("setuid", "(uid, /)"),
    function<&set_id<::setgid>>("setgid", "(gid, /)"),
    function<&set_id<::seteuid>>("seteuid", "(euid, /)"),
    function<&set_id<::setegid>>("setegid", "(egid, /)"),
    function<&posix_setreuid>("setreuid", "(ruid, euid, /)"),
    function<&posix_setregid>("setregid", "(rgid, egid, /)"),
    function<&posix_getgroups>("getgroups", "()"),
    function<&posix_getgrouplist>("getgrouplist", "(user, group, /)"),
    function<&posix_setgroups>("setgroups", "(groups, /)"),
    function<&posix_getresuid>("getresuid", "()"),
    function<&posix_getresgid>("getresgid", "()"),
    function<&posix_getpgid>("getpgid", "(pid)"),
    function<&posix_getsid>("getsid", "(pid, /)"),
    function<&posix_setsid>("setsid", "()"),
    function<&posix_setpgid>("setpgid", "(pid, pgrp, /)"),
    function<&posix_setpgrp>("setpgrp", "()"),
    function<&posix_getlogin>("getlogin", "()"),
    function<&posix_ctermid>("ctermid", "()"),
    function<&posix_times>("times", "()"),
    function<&posix_uname>("uname", "()"),
    function<&posix_cpu_count>("cpu_count", "()"),
    function<&posix_getaffinity>("sched_getaffinity", "(pid, /)"),
    function<&posix_setaffinity>("sched_setaffinity", "(pid, mask, /)"),
    function<&posix_yield>("sched_yield", "()"),
    function<&priority_max>("sched_get_priority_max", "(policy)"),
    function<&priority_min>("sched_get_priority_min", "(policy)"),
    function<&posix_getscheduler>("sched_getscheduler", "(pid, /)"),
    function<&posix_getpriority>("getpriority", "(which, who)"),
    function<&posix_setpriority>("setpriority", "(which, who, priority)"),
    function<&posix_nice>("nice", "(increment, /)"),
    function<&posix_getloadavg>("getloadavg", "()"),
    function<&posix_sysconf>("sysconf", "(name, /)"),
    function<&posix_confstr>("confstr", "(name, /)"),
    function<&posix_pathconf>("pathconf", "(path, name)"),
    function<&posix_strerror>("strerror", "(code, /)"),
    function<&posix_putenv>("putenv", "(name, value, /)"),
    function<&posix_unsetenv>("unsetenv", "(name, /)"),
};

}  // namespace

std::span<const BuiltinDef> process_functions() { return kFunctions; }
void define_waitid(Context& cx, Module* m) {
  if (g_waitid_result == nullptr)
    g_waitid_result = make_structseq(cx, "posix.waitid_result",
                                     {"si_pid", "si_uid", "si_signo", "si_status", "si_code"}, 5);
  (void)module_add_type(cx, m, g_waitid_result);
}

}  // namespace pystm::lib::posix
