// Checks the depth table: see code_liveness.cpp.
#pragma once

#include <string>

#include "vm/bytecode/code_unit.h"

namespace pystm::vm::compiler {

std::string verify_liveness(const CodeUnit& unit);

}  // namespace pystm::vm::compiler
