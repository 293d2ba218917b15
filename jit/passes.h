// Passes over a whole trace, after recording.
#pragma once

#include "jit/ir.h"
#include "jit/options.h"

namespace pystm::jit {

// All below that `options` names, in their order. The trace is then ready for a back end.
void run_passes(Trace& trace, const OptOptions& options);

void hoist_bounds_checks(Trace& trace);
void sink_allocations(Trace& trace);
void eliminate_dead_stores(Trace& trace);
void merge_checks(Trace& trace);

// Values that nobody uses. Always runs.
void eliminate_dead_code(Trace& trace);

}  // namespace pystm::jit
