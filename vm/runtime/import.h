// The import statement and what it needs of the import system.
#pragma once

#include "vm/interp/outline.h"
#include "vm/runtime/context.h"

namespace pystm::vm {

Flow import_name(Context& cx, FrameRecord* f, Instr i);           // IMPORT_NAME
Result<Value> import_from(Context& cx, Value module, Str* name);  // IMPORT_FROM
Result<void> import_star(Context& cx, Value module, Value ns);    // IMPORT_STAR

}  // namespace pystm::vm
