// Source bytes to the UTF-8 text the lexer reads: BOM, PEP 263 cookie, universal newlines.
#pragma once

#include <string>
#include <string_view>

#include "vm/compiler/errors.h"
#include "vm/compiler/hooks.h"

namespace pystm::vm::compiler {

// Decodes bytes as compile() and import do. Throws CompileError.
std::string decode_source(std::string_view bytes, const Hooks& hooks, std::string* encoding);

// Newlines become '\n' and, if `add_final`, the text ends in one. Throws on NUL.
std::string normalise_source(std::string_view utf8, bool add_final);

// The encoding declared by a cookie in the first two lines, normalised; empty if none.
std::string find_cookie(std::string_view bytes);

}  // namespace pystm::vm::compiler
