// The three facts about Unicode the lexer needs. They come from vm/text/unicode_db.h.
#pragma once

#include <string>
#include <string_view>

namespace pystm::vm::compiler {

bool is_identifier_start(char32_t c);
bool is_identifier_continue(char32_t c);
bool is_printable(char32_t c);
std::string normalise_identifier(std::string_view utf8);

}  // namespace pystm::vm::compiler
