// The text of ast.dump(tree, include_attributes=True) for our tree.
#pragma once

#include <string>

#include "vm/compiler/ast.h"

namespace pystm::tools {

std::string ast_dump_text(vm::compiler::Node& tree);

}  // namespace pystm::tools
