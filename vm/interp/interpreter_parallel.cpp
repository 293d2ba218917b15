// The interpreter with inlined read and write barriers.
#include "vm/interp/run.h"

namespace pystm::vm {
template Result<Value> run<true>(Context& cx, FrameRecord* entry);
}  // namespace pystm::vm
