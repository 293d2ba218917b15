// Source text to code objects: the compiler's results as Python objects and exceptions.
#pragma once

#include <string_view>

#include "vm/bytecode/code.h"
#include "vm/compiler/compile.h"

namespace pystm::vm {

// compile(source, filename, mode): SyntaxError with its position, ValueError for NUL bytes ...; its
// warnings go through the warnings module.
Result<Code*> compile_text(Context& cx, std::string_view source, std::string_view filename,
                           const compiler::CompileOptions& options);
// The same from a tree in `arena`, which is folded in place.
Result<Code*> compile_module(Context& cx, compiler::ModNode& module, compiler::Arena& arena,
                             std::string_view filename, const compiler::CompileOptions& options);
// Through the warnings module; an error when its filters make one of it.
Result<void> show_compile_warnings(Context& cx, const compiler::WarningList& warnings,
                                   std::string_view filename);
// The exception for a front-end error.
Error raise_compile_error(Context& cx, const compiler::ErrorInfo& error, std::string_view filename);
compiler::CompileOptions default_compile_options();

}  // namespace pystm::vm
