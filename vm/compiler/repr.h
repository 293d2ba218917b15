// repr() of constants as CPython prints them, for the tree dumper, unparsing and messages.
#pragma once

#include <string>
#include <string_view>

#include "vm/compiler/ast.h"

namespace pystm::vm::compiler {

std::string constant_repr(const ConstantValue& value);
std::string str_repr_text(std::string_view s);

}  // namespace pystm::vm::compiler
