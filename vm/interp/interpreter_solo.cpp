// The interpreter without transaction barriers: while at most one thread runs.
#include "vm/interp/run.h"

namespace pystm::vm {
template <bool kParallel>
Result<Value> run(Context& cx, FrameRecord* entry);
template <>
Result<Value> run<false>(Context& cx, FrameRecord* entry) {
  return run_with<InterpreterBuilder<false>>(cx, entry);
}
template <bool kParallel>
Flow step_in_mode(Context& cx);
template <>
Flow step_in_mode<false>(Context& cx) {
  return step_with<InterpreterBuilder<false>>(cx);
}
}  // namespace pystm::vm
