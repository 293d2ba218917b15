// The interpreter without transaction barriers: while at most one thread runs.
#include "vm/interp/run.h"

namespace pystm::vm {
template Result<Value> run<false>(Context& cx, FrameRecord* entry);
}  // namespace pystm::vm
