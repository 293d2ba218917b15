// Reading finished code: which registers an instruction touches, whether a unit keeps the contract
// of docs/bytecode-notes.md, and a listing for people.
#pragma once

#include <string>

#include "vm/bytecode/code_unit.h"

namespace pystm::vm::compiler {

// One more than the highest register the instruction names.
unsigned register_extent(const Instr& instr);

// The first violation found in the unit or a unit nested in it; empty if there is none.
std::string verify_code_unit(const CodeUnit& unit);

// One line an instruction, then the exception table; nested units follow.
std::string disassemble(const CodeUnit& unit);

}  // namespace pystm::vm::compiler
