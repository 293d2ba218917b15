// What a tree must keep to beyond its types, for trees that no parser has made: blocks that are
// not empty, contexts that fit, lists of equal length, patterns that match.
#pragma once

#include <optional>
#include <string>

#include "vm/compiler/ast.h"

namespace pystm::vm::compiler {

struct TreeFault {
  std::string message;         // CPython's
  bool is_type_error = false;  // else a ValueError
};

// The first fault in the order of the fields; none in what parse() gives.
std::optional<TreeFault> validate(ModNode& module);

}  // namespace pystm::vm::compiler
