// From the text of a literal token to its value.
#pragma once

#include <string>
#include <string_view>

#include "vm/compiler/arena.h"
#include "vm/compiler/ast.h"

namespace pystm::vm::compiler {

// The value of a NUMBER token. Null with *error set if it is a decimal integer of more than
// max_digits digits.
const ConstantValue* number_constant(std::string_view token, Arena& arena, int max_digits,
                                     std::string* error);

// A problem in an escape sequence: an error with CPython's text, or the first escape that is
// unknown or an octal number beyond a byte.
struct EscapeProblem {
  std::string error;
  const char* unknown = nullptr;  // points at the character behind the backslash
};

// Decodes the escapes of a str (bytes) literal body and appends to out. False: problem->error.
bool decode_str_escapes(std::string_view body, std::string& out, EscapeProblem* problem);
bool decode_bytes_escapes(std::string_view body, std::string& out, EscapeProblem* problem);

}  // namespace pystm::vm::compiler
