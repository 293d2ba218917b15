// What an exit must be able to give back: the list of a leaving instruction's live values, which
// back ends keep, restore reads, and a side trace's Inherit instructions count.
#pragma once

#include <vector>

#include "jit/ir.h"

namespace pystm::jit {

// The values (no constants, each once) that the exit at instruction `exit` needs, sunk objects
// replaced by what their fields hold; in the order of Inherit numbers.
void exit_values(const Trace& trace, IrRef exit, std::vector<IrRef>* out);

// The stores that make up sunk object `object` at instruction `exit`: the last one of each field.
// They stand above the next safepoint: an object is sunk only if all its stores are initial ones.
void sunk_stores(const Trace& trace, IrRef object, IrRef exit, std::vector<IrRef>* out);

// Its shape there: attributes that it has been given since change it.
ShapeId sunk_shape(const Trace& trace, IrRef object, IrRef exit);

}  // namespace pystm::jit
