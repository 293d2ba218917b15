// Syntax trees as Python objects: what compile() with PyCF_ONLY_AST gives, and takes.
#pragma once

#include <string_view>

#include "vm/compiler/parse.h"
#include "vm/runtime/context.h"
#include "vm/runtime/result.h"

namespace pystm::lib {

// The tree as instances of the classes of module _ast.
vm::Result<Value> ast_object(vm::Context& cx, vm::compiler::ModNode* module);
// Whether it is an instance of _ast.AST.
vm::Result<bool> is_ast_object(vm::Context& cx, Value object);
// Back: a tree of nodes in the arena, as the parser could have made it. TypeError, ValueError.
vm::Result<vm::compiler::ModNode*> ast_tree(vm::Context& cx, Value object, vm::compiler::Mode mode,
                                            vm::compiler::Arena& arena);

// The name of a field in module _ast: some that C++ cannot have or the tree has twice differ.
inline std::string_view ast_field_name(std::string_view name) {
  return name == "arg_name" ? "arg" : name == "kind_name" ? "kind" : name;
}

}  // namespace pystm::lib
