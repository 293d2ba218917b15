// What a program may ask of the compiled code of a function, and switch.
#pragma once

#include <string>

#include "vm/bytecode/code.h"

namespace pystm::jit {

// The valid traces that begin in loops of this code, parents first.
std::string traces_text(vm::Context& cx, const vm::Code* code);
// No loop of the code is compiled or entered any more.
void switch_off(const vm::Code* code);
// hotexit, maxside. False: another name.
bool set_param(const std::string& name, uint32_t value);

}  // namespace pystm::jit
