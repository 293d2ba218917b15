// _thread: threads, locks, identities.
//
// Starting a thread is an effect: it happens when the transaction that asked for it commits. Until
// then only the identity exists, which is a number of our own.
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <csignal>
#include <memory>

#include "base/clock.h"
#include "stdlib/modules.h"
#include "stdlib/support.h"
#include "vm/object/dict.h"
#include "vm/object/exception.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"
#include "vm/runtime/runtime.h"
#include "vm/runtime/signals.h"

namespace pystm::lib {

using namespace vm;  // NOLINT: this layer is written in vm's vocabulary

namespace {

constexpr double kTimeoutMax = 9223372036.0;  // seconds, as CPython's int64 nanoseconds
constexpr size_t kDefaultStack =
    64u << 20;  // bytes: as much as the main thread has (tools/pystm/main.cpp)

std::atomic<uint64_t> next_ident{1000};
std::atomic<int64_t> running_threads{0};
std::atomic<size_t> stack_bytes{0};

// --- locks ---------------------------------------------------------------------------------------

using Lock = stm::Lock;

// acquire(blocking=True, timeout=-1): nanoseconds as stm wants them, or an error.
Result<int64_t> timeout_of(Context& cx, bool blocking, double timeout) {
  if (!blocking && timeout != -1)
    return raise(cx, kValueError, "can't specify a timeout for a non-blocking call");
  if (timeout < 0 && timeout != -1)
    return raise(cx, kValueError, "timeout value must be a non-negative number");
  if (timeout > kTimeoutMax) return raise(cx, kOverflowError, "timeout value is too large");
  if (!blocking) return int64_t{0};
  return timeout < 0 ? int64_t{-1} : static_cast<int64_t>(std::ceil(timeout * 1e9));
}

Result<bool> acquire_lock(Context& cx, Lock* lock, int64_t timeout_ns, bool reentrant) {
  const uint64_t start = timeout_ns > 0 ? base::now_ns() : 0;
  int64_t left = timeout_ns;
  for (;;) {
    switch (stm::lock_acquire(cx, lock, left, reentrant)) {
      case stm::LockResult::kAcquired:
        return true;
      case stm::LockResult::kTimedOut:
        return false;
      case stm::LockResult::kInterrupted:
        TRY(check_signals(cx));
        break;
    }
    if (timeout_ns > 0)
      left = std::max<int64_t>(0, timeout_ns - static_cast<int64_t>(base::now_ns() - start));
  }
}

template <bool kReentrant>
Result<bool> lock_acquire(Context& cx, Lock* self, bool blocking, double timeout) {
  return acquire_lock(cx, self, TRY(timeout_of(cx, blocking, timeout)), kReentrant);
}
template <bool kReentrant>
Result<bool> lock_enter(Context& cx, Lock* self) {
  return acquire_lock(cx, self, -1, kReentrant);
}
template <bool kReentrant>
Result<void> lock_release(Context& cx, Lock* self) {
  if (stm::lock_release(cx, self, kReentrant)) return {};
  return raise(cx, kRuntimeError,
               kReentrant ? "cannot release un-acquired lock" : "release unlocked lock");
}
template <bool kReentrant>
Result<void> lock_exit(Context& cx, Lock* self, Args) {
  return lock_release<kReentrant>(cx, self);
}
bool lock_locked(Context& cx, Lock* self) { return stm::lock_is_held(cx, self); }
void reset_lock(Context& cx, Lock* self) {
  stm::Write<Lock> w(cx, self);
  w.set(&Lock::State::holder, Word{0});
  w.set(&Lock::State::count, Word{0});
}
Result<void> lock_reinit(Context& cx, Lock* self) {
  reset_lock(cx, self);
  return {};
}
Result<Value> lock_repr(Context& cx, Lock* self) {
  return Value(TRY(new_str_format(cx, "<%s _thread.lock object at 0x%llx>",
                                  stm::lock_is_held(cx, self) ? "locked" : "unlocked",
                                  static_cast<unsigned long long>(gc::identity(cx, self)))));
}

bool rlock_is_owned(Context& cx, Lock* self) { return stm::lock_is_owned(cx, self); }
// Condition.wait gives an RLock up as a whole, and takes it back with its count.
Result<Value> rlock_release_save(Context& cx, Lock* self) {
  if (!stm::lock_is_owned(cx, self))
    return raise(cx, kRuntimeError, "cannot release un-acquired lock");
  int64_t count = 0;
  while (stm::lock_is_owned(cx, self)) {
    (void)stm::lock_release(cx, self, true);
    ++count;
  }
  const Value n = make_int(cx, count), owner = make_uint(cx, cx.thread_id);
  return Value(TRY(new_tuple(cx, {n, owner})));
}
Result<void> rlock_acquire_restore(Context& cx, Lock* self, Tuple* state) {
  const int64_t count = (*state)[0].as_int();
  for (int64_t i = 0; i < count; ++i) (void)TRY(acquire_lock(cx, self, -1, true));
  return {};
}
Result<Value> rlock_repr(Context& cx, Lock* self) {
  stm::Read<Lock> r(cx, self);
  return Value(TRY(new_str_format(
      cx, "<%s _thread.RLock object owner=%llu count=%llu at 0x%llx>",
      stm::lock_is_held(cx, self) ? "locked" : "unlocked",
      stm::lock_is_owned(cx, self) ? static_cast<unsigned long long>(cx.thread_id) : 0ULL,
      static_cast<unsigned long long>(r->count),
      static_cast<unsigned long long>(gc::identity(cx, self)))));
}
Result<Value> rlock_new(Context& cx, Type* type, Args, Kwargs) {
  return Value(alloc_for<Lock>(cx, type));
}

constexpr BuiltinDef kLockMethods[] = {
    method<&lock_acquire<false>>("acquire", "($self, blocking=True, timeout=-1)", Effects::kBlocks),
    method<&lock_acquire<false>>("acquire_lock", "($self, blocking=True, timeout=-1)",
                                 Effects::kBlocks),
    method<&lock_release<false>>("release", "($self, /)"),
    method<&lock_release<false>>("release_lock", "($self, /)"),
    method<&lock_locked>("locked", "($self, /)", Effects::kReads),
    method<&lock_locked>("locked_lock", "($self, /)", Effects::kReads),
    method<&lock_enter<false>>("__enter__", "($self, /)", Effects::kBlocks),
    method<&lock_exit<false>>("__exit__", "($self, /, *args)"),
    method<&lock_repr>("__repr__", "($self, /)"),
    method<&lock_reinit>("_at_fork_reinit", "($self, /)"),
};
constexpr BuiltinDef kRLockMethods[] = {
    static_method<&rlock_new>("__new__", "($type, /, *args, **kwargs)"),
    method<&lock_acquire<true>>("acquire", "($self, blocking=True, timeout=-1)", Effects::kBlocks),
    method<&lock_release<true>>("release", "($self, /)"),
    method<&lock_enter<true>>("__enter__", "($self, /)", Effects::kBlocks),
    method<&lock_exit<true>>("__exit__", "($self, /, *args)"),
    method<&rlock_is_owned>("_is_owned", "($self, /)", Effects::kReads),
    method<&rlock_release_save>("_release_save", "($self, /)"),
    method<&rlock_acquire_restore>("_acquire_restore", "($self, state, /)", Effects::kBlocks),
    method<&rlock_repr>("__repr__", "($self, /)"),
    method<&lock_reinit>("_at_fork_reinit", "($self, /)"),
};
constexpr TypeDef kLock = {
    "_thread.lock", Kind::kLockObject, &Types::lock, nullptr, kTypeHasWeakref | kTypeNoInstantiate,
    kLockMethods};
constexpr TypeDef kRLock = {
    "_thread.RLock", Kind::kRLockObject, &Types::rlock, nullptr, kTypeBaseType | kTypeHasWeakref,
    kRLockMethods};

Value allocate_lock(Context& cx) { return alloc<Lock>(cx, kShapeLockObject); }

// --- threads -------------------------------------------------------------------------------------

struct Start {
  gc::Root callable, args, kwargs;
  uint64_t ident = 0;
};

void* thread_main(void* p) {
  std::unique_ptr<Start> start(static_cast<Start*>(p));
  Context* cx = attach_thread();
  cx->thread_id = start->ident;
  const Value kwargs = start->kwargs.value;
  const Result<Value> r = call_ex(*cx, start->callable.value, start->args.value.as<Tuple>(),
                                  kwargs == kNone ? nullptr : kwargs.as<Dict>());
  if (r.is_error()) {
    if (pending_is(*cx, kSystemExit)) {
      clear_exception(*cx);
    } else {
      write_unraisable(*cx, start->callable.value);
    }
  }
  if (!cx->thread_sentinel.is_unset())
    (void)stm::lock_release(*cx, cx->thread_sentinel.as<Lock>(), false);
  start.reset();
  detach_thread(cx);
  --running_threads;
  return nullptr;
}

void launch(Start* start) {
  pthread_attr_t attr;
  pthread_attr_init(&attr);
  pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attr, stack_bytes != 0 ? stack_bytes.load() : kDefaultStack);
  pthread_t thread;
  // Out of threads: keep asking, as the caller has been told already that it runs.
  while (pthread_create(&thread, &attr, thread_main, start) != 0) usleep(1000);
  pthread_attr_destroy(&attr);
}

Result<Value> start_new_thread(Context& cx, Value function, Value args, Value kwargs) {
  if (!is_callable(function)) return raise(cx, kTypeError, "first arg must be callable");
  if (!is_tuple(args)) return raise(cx, kTypeError, "2nd arg must be a tuple");
  if (kwargs != kNone && !is_dict(kwargs))
    return raise(cx, kTypeError, "optional 3rd arg must be a dictionary");
  auto start = std::make_shared<std::unique_ptr<Start>>(new Start);
  (*start)->callable.value = function;
  (*start)->args.value = args;
  (*start)->kwargs.value = kwargs;
  (*start)->ident = next_ident.fetch_add(1);
  const uint64_t ident = (*start)->ident;
  stm::on_commit(cx, [start] {
    ++running_threads;
    launch(start->release());
  });
  stm::commit_soon(cx);
  return make_uint(cx, ident);
}

Value get_ident(Context& cx) { return make_uint(cx, cx.thread_id); }
Value get_native_id(Context& cx) { return make_int(cx, gettid()); }
int64_t thread_count(Context&) { return running_threads; }
Result<Value> exit_thread(Context& cx) {
  return raise_value(cx, new_exception(cx, exception_type(kSystemExit), empty_tuple()));
}
Result<int64_t> stack_size(Context& cx, int64_t size) {
  if (size < 0) return raise(cx, kValueError, "size must be 0 or a positive value");
  if (size != 0 && size < 32768)
    return raise(cx, kValueError, "size not valid: %lld bytes", static_cast<long long>(size));
  const auto old = static_cast<int64_t>(stack_bytes.load());
  stack_bytes = size == 0 ? 0 : std::max<size_t>(static_cast<size_t>(size), size_t{1} << 20);
  return old;
}
// A lock that is released when this thread ends.
Result<Value> set_sentinel(Context& cx) {
  const Value lock = allocate_lock(cx);
  cx.thread_sentinel = lock;
  return lock;
}
Result<void> interrupt_main(Context& cx, int signum) {
  if (signum < 1 || signum >= kSignals) return raise(cx, kValueError, "signal number out of range");
  if (signal_handler(cx, signum) == kNone && signum != SIGINT) return {};
  signal_arrived(signum);
  return {};
}

// threading.excepthook: "Exception in thread NAME:" and the traceback.
Result<void> thread_excepthook(Context& cx, Value args) {
  const Value type = TRY(get_attr(cx, args, "exc_type")), e = TRY(get_attr(cx, args, "exc_value"));
  const Value thread = TRY(get_attr(cx, args, "thread"));
  if (is_type(type) && is_subtype(as_type(type), exception_type(kSystemExit))) return {};
  std::string name = std::to_string(cx.thread_id);
  if (thread != kNone) name = to_utf8(cx, TRY(str(cx, TRY(get_attr(cx, thread, "name")))));
  const Value err = sys_get(cx, names().stderr);
  if (!err.is_unset() && err != kNone)
    (void)TRY(call_method(cx, err, names().write,
                          {Value(TRY(new_str(cx, "Exception in thread " + name + ":\n")))}));
  if (is_exception(e)) print_exception(cx, e);
  return {};
}

constexpr BuiltinDef kFunctions[] = {
    function<&thread_excepthook>("_excepthook", "(args, /)"),
    function<&start_new_thread>("start_new_thread", "(function, args, kwargs=None, /)"),
    function<&start_new_thread>("start_new", "(function, args, kwargs=None, /)"),
    function<&allocate_lock>("allocate_lock", "()", Effects::kReads),
    function<&allocate_lock>("allocate", "()", Effects::kReads),
    function<&get_ident>("get_ident", "()", Effects::kReads),
    function<&get_native_id>("get_native_id", "()"),
    function<&thread_count>("_count", "()"),
    function<&exit_thread>("exit", "()"),
    function<&exit_thread>("exit_thread", "()"),
    function<&stack_size>("stack_size", "(size=0, /)"),
    function<&set_sentinel>("_set_sentinel", "()"),
    function<&interrupt_main>("interrupt_main", "(signum=2, /)"),
};

Result<void> init(Context& cx, Module* m) {
  define_type(cx, kLock);
  define_type(cx, kRLock);
  TRY(module_add(cx, m, "LockType", types().lock));
  TRY(module_add(cx, m, "RLock", types().rlock));
  Type* hook_args = make_structseq(cx, "_thread._ExceptHookArgs",
                                   {"exc_type", "exc_value", "exc_traceback", "thread"}, 4);
  TRY(module_add(cx, m, "_ExceptHookArgs", hook_args));
  TRY(module_add(cx, m, "error", exception_type(kRuntimeError)));
  TRY(module_add(cx, m, "TIMEOUT_MAX", make_float(cx, kTimeoutMax)));
  return {};
}

const ModuleDef kModule = {
    "_thread", kFunctions, init,
    "This module provides primitive operations to write multi-threaded programs.\nThe 'threading' "
    "module provides a more convenient interface."};

}  // namespace

void register__thread() { register_module(kModule); }

}  // namespace pystm::lib
