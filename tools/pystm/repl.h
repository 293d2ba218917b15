// The interactive loop.
#pragma once

#include "vm/runtime/context.h"

namespace pystm::tool {

// Until end of input or sys.exit: the exit status, or an error (SystemExit pending).
vm::Result<int> run_repl(vm::Context& cx, vm::Module* main, bool quiet);

}  // namespace pystm::tool
