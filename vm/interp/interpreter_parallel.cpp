// The interpreter with inlined read and write barriers.
#include "vm/interp/run.h"

namespace pystm::vm {
template <bool kParallel>
Result<Value> run(Context& cx, FrameRecord* entry);
template <>
Result<Value> run<true>(Context& cx, FrameRecord* entry) {
  return run_with<InterpreterBuilder<true>>(cx, entry);
}
template <bool kParallel>
Flow step_in_mode(Context& cx);
template <>
Flow step_in_mode<true>(Context& cx) {
  return step_with<InterpreterBuilder<true>>(cx);
}
}  // namespace pystm::vm
