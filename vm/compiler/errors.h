// What can go wrong in the front end, and how it travels.
//
// Inside the compiler a failure is thrown as CompileError and caught by the entry points (parse(),
// compile_module()), which put it into their result. Nothing else catches it, so no exception
// leaves this folder.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pystm::vm::compiler {

enum class ErrorKind : uint8_t {
  None,
  Syntax,
  Indentation,
  Tab,
  Value,
  Memory,
  Recursion,
  Unicode,
  Overflow,
  System,
  Lookup
};

// Arguments of the Python exception. Lines and offsets count from one, offsets in characters;
// has_position false: the exception gets only the message.
struct ErrorInfo {
  ErrorKind kind = ErrorKind::None;
  std::string message;
  bool has_position = false;
  int lineno = 0, offset = 0, end_lineno = 0, end_offset = 0;
  bool has_text = false;  // without it the caller reads the line from the file
  std::string text;
};

// The end offset is None.
inline constexpr int kNoOffset = -1000000;

struct CompileError {
  ErrorInfo info;
};

enum class WarningKind : uint8_t { Deprecation, Syntax };

// A warning in program order. If the filter turns it into an error, CPython raises a SyntaxError
// at this position with the same text.
struct WarningInfo {
  WarningKind kind;
  std::string message;
  int lineno = 0, offset = 0, end_lineno = 0, end_offset = 0;
  bool has_text = false;  // of that exception; without it the line comes from the file
  std::string text;
};

using WarningList = std::vector<WarningInfo>;

}  // namespace pystm::vm::compiler
