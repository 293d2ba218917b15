// Signals: the C handler only notes the number and asks for attention; Python handlers run on the
// main thread at its next poll.
#pragma once

#include "vm/runtime/context.h"

namespace pystm::vm {

inline constexpr int kSignals = 65;

void init_signals(Context& cx);
void signal_arrived(int number);  // async-signal-safe
Value signal_handler(Context& cx, int number);
void set_signal_handler(Context& cx, int number, Value handler);
Result<void> run_signal_handlers(Context& cx);

// sys.unraisablehook's argument, and the printing of an exception without Python's help
// (traceback.cpp).
Result<Value> make_unraisable_args(Context& cx, Value exception, Value where);
void print_exception(Context& cx, Value exception);
std::string exception_text(Context& cx, Value exception);

}  // namespace pystm::vm
