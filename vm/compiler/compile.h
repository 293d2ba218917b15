// The compiler's entry points: source or tree to CodeUnit.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "vm/bytecode/code_unit.h"
#include "vm/compiler/parse.h"
#include "vm/compiler/symtable.h"

namespace pystm::vm::compiler {

struct CompileOptions {
  ParseOptions parse;
  int optimise = 0;                    // -O: 1, -OO: 2
  bool future_annotations = false;     // inherited `from __future__ import annotations`
  bool allow_top_level_await = false;  // PyCF_ALLOW_TOP_LEVEL_AWAIT
};

struct CompileResult {
  std::shared_ptr<CodeUnit> code;  // null if error.kind is set
  ErrorInfo error;
  WarningList warnings;
  bool future_annotations = false;
};

CompileResult compile_source(std::string_view source, std::string_view filename,
                             const CompileOptions& options);

// From a tree, which is folded in place. `arena` must own the tree.
CompileResult compile_tree(ModNode& module, Arena& arena, std::string_view filename,
                           const CompileOptions& options);

// Constant folding and __debug__, in place; see fold.cpp. Throws CompileError.
void fold_constants(ModNode& module, Arena& arena, int optimise, bool keep_annotations,
                    int max_depth);

// The text of an expression as `from __future__ import annotations` stores it.
std::string unparse_expression(const Expr& e);

}  // namespace pystm::vm::compiler
