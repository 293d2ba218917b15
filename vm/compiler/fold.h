// Operators applied to constants.
#pragma once

#include "vm/compiler/arena.h"
#include "vm/compiler/ast.h"

namespace pystm::vm::compiler {

// False: leave the operation to run time.
bool fold_unary_value(UnaryOpKind op, const ConstantValue& v, Arena& arena, ConstantValue* out);
bool fold_binary_value(Operator op, const ConstantValue& a, const ConstantValue& b,
                       ConstantValue* out);

}  // namespace pystm::vm::compiler
