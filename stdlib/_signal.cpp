// _signal: handlers, alarms, masks. Python handlers run on the main thread (vm/runtime/signals.h).
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cmath>

#include "stdlib/modules.h"
#include "stdlib/support.h"
#include "vm/runtime/signals.h"

namespace pystm::lib {
namespace {

std::atomic<int> g_wakeup_fd{-1};
Type* g_siginfo = nullptr;
Value g_itimer_error;

extern "C" void on_signal(int number) {
  const int saved = errno;
  signal_arrived(number);
  const int fd = g_wakeup_fd.load();
  if (fd >= 0) {
    const auto byte = static_cast<unsigned char>(number);
    (void)!write(fd, &byte, 1);
  }
  errno = saved;
}

Result<int> signal_number(Context& cx, int64_t n) {
  if (n < 1 || n >= kSignals) return raise(cx, kValueError, "signal number out of range");
  return static_cast<int>(n);
}
Result<Value> handler_of(Context& cx, int number) {
  const Value h = signal_handler(cx, number);
  if (h != kNone) return h;
  struct sigaction now {};
  sigaction(number, nullptr, &now);
  if (now.sa_handler == SIG_DFL) return Value::of_int(0);
  if (now.sa_handler == SIG_IGN) return Value::of_int(1);
  return kNone;
}

Result<Value> signal_signal(Context& cx, int64_t signalnum, Value handler) {
  const int n = TRY(signal_number(cx, signalnum));
  if (&cx != runtime().main)
    return raise(cx, kValueError, "signal only works in main thread of the main interpreter");
  struct sigaction action {};
  sigemptyset(&action.sa_mask);
  const bool plain = is_int(handler) && !is_callable(handler);
  if (plain || (is_int(handler) && lookup_dunder(handler, Dunder::kIndex).is_object())) {
    const int64_t which = TRY(to_index64(cx, handler, kOverflowError));
    if (which != 0 && which != 1)
      return raise(cx, kTypeError,
                   "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object");
    action.sa_handler = which == 0 ? SIG_DFL : SIG_IGN;
  } else if (is_callable(handler)) {
    action.sa_handler = on_signal;
  } else {
    return raise(cx, kTypeError,
                 "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object");
  }
  TRY(check_signals(cx));
  stm::become_inevitable(cx, "signal");
  const Value old = TRY(handler_of(cx, n));
  if (sigaction(n, &action, nullptr) != 0) return raise_errno(cx, errno);
  set_signal_handler(
      cx, n,
      action.sa_handler == on_signal ? handler : Value::of_int(action.sa_handler == SIG_IGN));
  return old;
}
Result<Value> signal_getsignal(Context& cx, int64_t signalnum) {
  return handler_of(cx, TRY(signal_number(cx, signalnum)));
}
Result<void> default_int_handler(Context& cx, Value, Value) {
  return raise_value(cx, new_exception(cx, exception_type(kKeyboardInterrupt), empty_tuple()));
}
int64_t signal_alarm(Context& cx, int seconds) {
  stm::become_inevitable(cx, "alarm");
  return ::alarm(static_cast<unsigned>(seconds));
}
Result<void> signal_pause(Context& cx) {
  stm::run_outside(cx, "pause", [] { ::pause(); });
  return check_signals(cx);
}
Result<void> raise_signal(Context& cx, int signalnum) {
  stm::become_inevitable(cx, "raise_signal");
  if (::raise(signalnum) != 0) return raise_errno(cx, errno);
  return check_signals(cx);
}
Result<Value> signal_strsignal(Context& cx, int64_t signalnum) {
  const int n = TRY(signal_number(cx, signalnum));
  const char* text = ::sigdescr_np(n);
  if (text == nullptr) return kNone;
  return str_of(cx, text);
}
Result<void> signal_siginterrupt(Context& cx, int64_t signalnum, bool flag) {
  const int n = TRY(signal_number(cx, signalnum));
  struct sigaction action {};
  sigaction(n, nullptr, &action);
  if (flag)
    action.sa_flags &= ~SA_RESTART;
  else
    action.sa_flags |= SA_RESTART;
  if (sigaction(n, &action, nullptr) != 0) return raise_errno(cx, errno);
  return {};
}
Result<int64_t> set_wakeup_fd(Context& cx, int fd, bool) {
  if (&cx != runtime().main)
    return raise(cx, kValueError,
                 "set_wakeup_fd only works in main thread of the main interpreter");
  return int64_t{g_wakeup_fd.exchange(fd)};
}

// --- masks ---------------------------------------------------------------------------------------

Result<void> to_set(Context& cx, Value iterable, sigset_t* out) {
  sigemptyset(out);
  return for_each(cx, iterable, [&](Value v) -> Result<void> {
    const int64_t n = TRY(to_index64(cx, v, kValueError));
    if (n < 1 || n >= kSignals || sigaddset(out, static_cast<int>(n)) != 0)
      return raise(cx, kValueError, "signal number %lld out of range [1; 64]",
                   static_cast<long long>(n));
    return {};
  });
}
Result<Value> of_set(Context& cx, const sigset_t& set) {
  Set* s = new_set(cx);
  for (int i = 1; i < kSignals; ++i)
    if (sigismember(&set, i) == 1) (void)TRY(set_add(cx, s, Value::of_int(i)));
  return Value(s);
}
Result<Value> signal_sigmask(Context& cx, int how, Value mask) {
  sigset_t wanted, old;
  TRY(to_set(cx, mask, &wanted));
  if (const int error = ::pthread_sigmask(how, &wanted, &old)) return raise_errno(cx, error);
  TRY(check_signals(cx));
  return of_set(cx, old);
}
Result<Value> signal_sigpending(Context& cx) {
  sigset_t set;
  if (::sigpending(&set) != 0) return raise_errno(cx, errno);
  return of_set(cx, set);
}
Result<Value> valid_signals(Context& cx) {
  sigset_t set;
  sigfillset(&set);
  return of_set(cx, set);
}
Result<Value> signal_sigwait(Context& cx, Value sigset) {
  sigset_t set;
  TRY(to_set(cx, sigset, &set));
  int number = 0, error = 0;
  stm::run_outside(cx, "sigwait", [&] { error = ::sigwait(&set, &number); });
  if (error != 0) return raise_errno(cx, error);
  return Value::of_int(number);
}
Result<Value> info_of(Context& cx, const siginfo_t& s) {
  const Value items[7] = {Value::of_int(s.si_signo), Value::of_int(s.si_code),
                          Value::of_int(s.si_errno), Value::of_int(s.si_pid),
                          Value::of_int(s.si_uid),   Value::of_int(s.si_status),
                          Value::of_int(s.si_band)};
  return new_struct(cx, g_siginfo, items, 7);
}
Result<Value> wait_info(Context& cx, Value sigset, const timespec* timeout) {
  sigset_t set;
  TRY(to_set(cx, sigset, &set));
  siginfo_t info{};
  int r = 0, error = 0;
  for (;;) {
    stm::run_outside(cx, "sigwaitinfo", [&] {
      r = timeout == nullptr ? ::sigwaitinfo(&set, &info) : ::sigtimedwait(&set, &info, timeout);
      error = errno;
    });
    if (r >= 0) return info_of(cx, info);
    if (error == EAGAIN) return kNone;
    if (error != EINTR) return raise_errno(cx, error);
    TRY(check_signals(cx));
  }
}
Result<Value> signal_sigwaitinfo(Context& cx, Value sigset) {
  return wait_info(cx, sigset, nullptr);
}
Result<Value> signal_sigtimedwait(Context& cx, Value sigset, Value timeout) {
  const int64_t ns = TRY(to_nanoseconds(cx, timeout, true));
  if (ns < 0) return raise(cx, kValueError, "timeout must be non-negative");
  const timespec t{ns / 1'000'000'000, ns % 1'000'000'000};
  return wait_info(cx, sigset, &t);
}
Result<void> signal_pthread_kill(Context& cx, int64_t thread, int signalnum) {
  stm::become_inevitable(cx, "pthread_kill");
  if (const int error = ::pthread_kill(static_cast<pthread_t>(thread), signalnum))
    return raise_errno(cx, error);
  return check_signals(cx);
}

// --- timers --------------------------------------------------------------------------------------

timeval to_timeval(double d) {
  timeval t;
  t.tv_sec = static_cast<time_t>(d);
  t.tv_usec = static_cast<suseconds_t>(std::ceil((d - static_cast<double>(t.tv_sec)) * 1e6));
  if (t.tv_usec >= 1000000) {
    ++t.tv_sec;
    t.tv_usec -= 1000000;
  }
  return t;
}
Result<Value> timer_pair(Context& cx, const itimerval& v) {
  auto f = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  const Value a = make_float(cx, f(v.it_value)), b = make_float(cx, f(v.it_interval));
  return Value(TRY(new_tuple(cx, {a, b})));
}
Error raise_itimer(Context& cx, int error) {
  auto e = call(cx, g_itimer_error, {Value::of_int(error), new_str(cx, strerror(error)).value()});
  if (e.is_error()) return Error{};
  return raise_value(cx, e.value());
}
Result<Value> signal_setitimer(Context& cx, int which, double seconds, double interval) {
  stm::become_inevitable(cx, "setitimer");
  itimerval value{to_timeval(interval), to_timeval(seconds)}, old{};
  if (::setitimer(static_cast<__itimer_which_t>(which), &value, &old) != 0)
    return raise_itimer(cx, errno);
  return timer_pair(cx, old);
}
Result<Value> signal_getitimer(Context& cx, int which) {
  itimerval value{};
  if (::getitimer(static_cast<__itimer_which_t>(which), &value) != 0)
    return raise_itimer(cx, errno);
  return timer_pair(cx, value);
}

constexpr BuiltinDef kFunctions[] = {
    function<&signal_signal>("signal", "(signalnum, handler, /)"),
    function<&signal_getsignal>("getsignal", "(signalnum, /)"),
    function<&default_int_handler>("default_int_handler", "(signalnum=None, frame=None, /)"),
    function<&signal_alarm>("alarm", "(seconds, /)"),
    function<&signal_pause>("pause", "()"),
    function<&raise_signal>("raise_signal", "(signalnum, /)"),
    function<&signal_strsignal>("strsignal", "(signalnum, /)"),
    function<&signal_siginterrupt>("siginterrupt", "(signalnum, flag, /)"),
    function<&set_wakeup_fd>("set_wakeup_fd", "(fd, /, *, warn_on_full_buffer=True)"),
    function<&signal_sigmask>("pthread_sigmask", "(how, mask, /)"),
    function<&signal_sigpending>("sigpending", "()"),
    function<&valid_signals>("valid_signals", "()"),
    function<&signal_sigwait>("sigwait", "(sigset, /)"),
    function<&signal_sigwaitinfo>("sigwaitinfo", "(sigset, /)"),
    function<&signal_sigtimedwait>("sigtimedwait", "(sigset, timeout, /)"),
    function<&signal_pthread_kill>("pthread_kill", "(thread_id, signalnum, /)"),
    function<&signal_setitimer>("setitimer", "(which, seconds, interval=0.0, /)"),
    function<&signal_getitimer>("getitimer", "(which, /)"),
};
constexpr struct {
  const char* name;
  int value;
} kNumbers[] = {
#define N(x) {#x, x},
    N(SIGHUP) N(SIGINT) N(SIGQUIT) N(SIGILL) N(SIGTRAP) N(SIGIOT) N(SIGABRT) N(SIGFPE) N(SIGKILL)
        N(SIGBUS) N(SIGSEGV) N(SIGSYS) N(SIGPIPE) N(SIGALRM) N(SIGTERM) N(SIGUSR1) N(SIGUSR2)
            N(SIGCHLD) N(SIGPWR) N(SIGIO) N(SIGURG) N(SIGWINCH) N(SIGPOLL) N(SIGSTOP) N(SIGTSTP)
                N(SIGCONT) N(SIGTTIN) N(SIGTTOU) N(SIGVTALRM) N(SIGPROF) N(SIGXCPU) N(SIGXFSZ)
                    N(SIGSTKFLT) N(SIG_BLOCK) N(SIG_UNBLOCK) N(SIG_SETMASK) N(ITIMER_REAL)
                        N(ITIMER_VIRTUAL) N(ITIMER_PROF)
#undef N
                            {"SIGCLD", SIGCHLD},
    {"SIG_DFL", 0},
    {"SIG_IGN", 1},
    {"NSIG", kSignals},
};
Result<void> init(Context& cx, Module* m) {
  for (const auto& n : kNumbers) TRY(module_add_int(cx, m, n.name, n.value));
  TRY(module_add_int(cx, m, "SIGRTMIN", SIGRTMIN));
  TRY(module_add_int(cx, m, "SIGRTMAX", SIGRTMAX));
  if (g_siginfo == nullptr) {
    g_siginfo = make_structseq(
        cx, "signal.struct_siginfo",
        {"si_signo", "si_code", "si_errno", "si_pid", "si_uid", "si_status", "si_band"}, 7);
    Dict* ns = new_dict(cx);
    TRY(dict_set_str(cx, ns, names().__module__, intern(cx, "signal")));
    Tuple* bases = TRY(new_tuple(cx, {Value(exception_type(kOSError))}));
    g_itimer_error = Value(keep(as_type(TRY(
        new_class(cx, types().type, intern(cx, "itimer_error"), bases, ns, Value(), nullptr)))));
  }
  TRY(module_add_type(cx, m, g_siginfo));
  TRY(module_add(cx, m, "ItimerError", g_itimer_error));
  // Ctrl-C's handler is installed at start-up; here it becomes visible.
  struct sigaction now {};
  sigaction(SIGINT, nullptr, &now);
  if (now.sa_handler != SIG_DFL && now.sa_handler != SIG_IGN && signal_handler(cx, SIGINT) == kNone)
    set_signal_handler(cx, SIGINT, dict_get_str(cx, m->dict, "default_int_handler"));
  return {};
}
const ModuleDef kModule = {"_signal", kFunctions, init};

}  // namespace

void register_signal() { register_module(kModule); }

}  // namespace pystm::lib
