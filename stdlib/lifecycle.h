// What the end of the program runs.
#pragma once

#include "vm/runtime/context.h"

namespace pystm::lib {

void run_exit_functions(vm::Context& cx);  // atexit

}  // namespace pystm::lib
