// Checks a trace's invariants: operands defined above their uses and of the right types, snapshots,
// phis, initialisation of new objects, and barrier dominance:
//
//   - the value of a load guarded by an object that may be another's is used only by tag and shape
//     guards, and stands in no snapshot, before a ReadCheck (ItemCheck) of that object;
//   - no other memory is read through it before that, and the trace does not end;
//   - a store is preceded by an Acquire of the object, or made it itself; a store into storage by
//     UndoItem of the same item (or an array made here), and that by an Acquire of the owner.
#pragma once

#include <string>

#include "jit/ir.h"

namespace pystm::jit {

// Empty: well-formed. Else one line per fault.
std::string verify(const Trace& trace);

}  // namespace pystm::jit
