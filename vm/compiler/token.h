// Tokens: generated from tokens.def.
#pragma once

#include <cstdint>
#include <string_view>

namespace pystm::vm::compiler {

enum class Tok : uint8_t {
#define TOKEN(name, text) name,
#include "vm/compiler/tokens.def"
};

constexpr const char* kTokenText[] = {
#define TOKEN(name, text) text,
#include "vm/compiler/tokens.def"
};

constexpr bool is_keyword(Tok t) { return t >= Tok::KW_FALSE; }

// Columns are byte offsets from the start of the line; -1 on tokens without text (INDENT, DEDENT,
// ENDMARKER). level is the depth of brackets after the token.
struct Token {
  Tok type;
  uint8_t level;
  int32_t lineno, col, end_lineno, end_col;
  const char* start;
  const char* end;
  std::string_view text() const { return {start, static_cast<size_t>(end - start)}; }
};

}  // namespace pystm::vm::compiler
