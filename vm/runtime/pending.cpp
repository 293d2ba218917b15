// Work due between instructions: signals, finalizers, weakref callbacks, asynchronous exceptions;
// and the ways out for exceptions that nobody can catch.
#include <atomic>
#include <csignal>
#include <cstring>

#include "vm/interp/frames.h"
#include "vm/interp/jit_hooks.h"
#include "vm/object/dict.h"
#include "vm/object/exception.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/operators.h"
#include "vm/runtime/runtime.h"
#include "vm/runtime/signals.h"

namespace pystm::vm {

namespace {

std::atomic<bool> any_signal{false};
std::atomic<bool> tripped[kSignals];
gc::Root* handlers = nullptr;  // a list of handlers by number

}  // namespace

void signal_arrived(int number) {
  tripped[number].store(true, std::memory_order_relaxed);
  any_signal.store(true, std::memory_order_release);
  stm::request_attention(*runtime().main);
}

Value signal_handler(Context& cx, int number) {
  return list_get(cx, handlers->value.as<List>(), number);
}
void set_signal_handler(Context& cx, int number, Value handler) {
  list_set(cx, handlers->value.as<List>(), number, handler);
}

void init_signals(Context& cx) {
  List* list = new_list(cx);
  for (int i = 0; i < kSignals; ++i) (void)list_append(cx, list, kNone);
  handlers = new gc::Root(list);
  std::signal(SIGPIPE, SIG_IGN);
}

Result<void> run_signal_handlers(Context& cx) {
  if (!any_signal.load(std::memory_order_acquire) || &cx != runtime().main) return {};
  any_signal.store(false, std::memory_order_relaxed);
  for (int number = 1; number < kSignals; ++number) {
    if (!tripped[number].exchange(false)) continue;
    stm::on_abort(cx, [number] { signal_arrived(number); });  // a handler that is undone runs again
    const Value handler = signal_handler(cx, number);
    if (!is_callable(handler)) {
      if (number == SIGINT) {
        (void)raise_value(cx, new_exception(cx, exception_type(kKeyboardInterrupt), empty_tuple()));
        return Error{};
      }
      continue;
    }
    const Value frame = cx.frame >= cx.frames_base ? frame_object(cx, cx.frame) : kNone;
    (void)TRY(call(cx, handler, {Value::of_int(number), frame}));
  }
  return {};
}

Result<void> check_signals(Context& cx) { return run_signal_handlers(cx); }

// Finalizers and weakref callbacks run as calls of their own; their errors cannot be raised.
static void run_deaths(Context& cx) {
  const Value exception = take_exception(cx);
  while (gc::deaths_pending()) {
    const Value dead = gc::pop_cleared_weakref(cx);
    if (!dead.is_unset()) {
      const Value callback = stm::Read<WeakRef>(cx, dead.as<WeakRef>())->callback;
      if (callback.is_unset() || callback == kNone) continue;
      if (call(cx, callback, {dead}).is_error()) write_unraisable(cx, callback);
      continue;
    }
    const Value object = gc::pop_finalizable(cx);
    if (object.is_unset()) break;
    const Value method = lookup_dunder(object, Dunder::kDel);
    if (!method.is_unset() && call_special(cx, object, Dunder::kDel, {}).is_error())
      write_unraisable(cx, method);
  }
  cx.exception = exception;
}

Result<void> pending_calls(Context& cx) {
  if (gc::deaths_pending()) run_deaths(cx);
  if (jit_events.load(std::memory_order_relaxed)) jit_hooks.tell(cx);
  return run_signal_handlers(cx);
}

// --- exceptions that cannot be raised ------------------------------------------------------------

void write_unraisable(Context& cx, Value where, const char* message) {
  const Value e = take_exception(cx);
  if (e.is_unset()) return;
  const Value hook = sys_get(cx, names().unraisablehook);
  if (!hook.is_unset() && hook != kNone) {
    auto args = make_unraisable_args(cx, e, where);
    if (!args.is_error() && message != nullptr)
      (void)set_attr(cx, args.value(), intern(cx, "err_msg"), intern(cx, message));
    if (!args.is_error() && !call(cx, hook, {args.value()}).is_error()) return;
  }
  clear_exception(cx);
  const std::string text = std::string(message == nullptr ? "Exception ignored in" : message) +
                           ": " + repr_utf8(cx, where) + "\n" + repr_utf8(cx, e) + "\n";
  stm::defer_output(cx, 2, text);
}

static int exit_status(Context& cx, Value e) {
  Value code = get_exception_member(cx, e, "code");
  if (code.is_unset() || code == kNone) return 0;
  if (is_int(code)) {
    int64_t status;
    return to_int64(code, &status) ? static_cast<int>(status) : -1;
  }
  const Value err = sys_get(cx, names().stderr);
  auto text = str(cx, code);
  if (!text.is_error()) {
    const std::string line = to_utf8(cx, text.value()) + "\n";
    auto s = new_str(cx, line);
    if (err.is_unset() || err == kNone || s.is_error() ||
        call_method(cx, err, names().write, {Value(s.value())}).is_error())
      stm::defer_output(cx, 2, line);
  }
  clear_exception(cx);
  return 1;
}

int report_uncaught(Context& cx) {
  const Value e = take_exception(cx);
  if (is_subtype(type_of(e), exception_type(kSystemExit))) return exit_status(cx, e);
  const Value hook = sys_get(cx, names().excepthook);
  const Value sys_dict = runtime().sys.value.as<Module>()->dict.ptr;
  (void)dict_set_str(cx, sys_dict.as<Dict>(), "last_type", type_of(e));
  (void)dict_set_str(cx, sys_dict.as<Dict>(), "last_value", e);
  (void)dict_set_str(cx, sys_dict.as<Dict>(), "last_traceback", exception_traceback(cx, e));
  if (!hook.is_unset() && hook != kNone) {
    auto r = call(cx, hook, {Value(type_of(e)), e, exception_traceback(cx, e)});
    if (!r.is_error()) return 1;
    if (pending_is(cx, kSystemExit)) return exit_status(cx, take_exception(cx));
    stm::defer_output(cx, 2, "Error in sys.excepthook:\n");
    print_exception(cx, take_exception(cx));
    stm::defer_output(cx, 2, "\nOriginal exception was:\n");
  }
  print_exception(cx, e);
  return 1;
}

// --- warnings ------------------------------------------------------------------------------------

Result<void> warn(Context& cx, ExcId category, const std::string& text, int stack_level) {
  const Value message = TRY(new_str(cx, text));
  const Value f = TRY(import_attr(cx, "_warnings", "warn"));
  (void)TRY(call(cx, f, {message, Value(exception_type(category)), Value::of_int(stack_level)}));
  return {};
}
Result<void> warn_explicit(Context& cx, ExcId category, const std::string& text,
                           const std::string& filename, int line) {
  const Value message = TRY(new_str(cx, text)), file = TRY(new_str(cx, filename));
  const Value f = TRY(import_attr(cx, "_warnings", "warn_explicit"));
  (void)TRY(call(cx, f, {message, Value(exception_type(category)), file, Value::of_int(line)}));
  return {};
}

}  // namespace pystm::vm
