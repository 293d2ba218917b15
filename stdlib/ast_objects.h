// Syntax trees as Python objects: what compile() with PyCF_ONLY_AST gives.
#pragma once

#include "vm/compiler/parse.h"
#include "vm/runtime/context.h"
#include "vm/runtime/result.h"

namespace pystm::lib {

// The tree as instances of the classes of module _ast.
vm::Result<Value> ast_object(vm::Context& cx, vm::compiler::ModNode* module);

}  // namespace pystm::lib
