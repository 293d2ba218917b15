// The parser's entry point: text to tree.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "vm/compiler/arena.h"
#include "vm/compiler/ast.h"
#include "vm/compiler/errors.h"
#include "vm/compiler/hooks.h"

namespace pystm::vm::compiler {

enum class Mode : uint8_t { Exec, Eval, Single };

struct ParseOptions {
  Mode mode = Mode::Exec;
  bool source_is_bytes = false;    // decode (PEP 263); else the text is UTF-8
  bool allow_incomplete = false;   // PyCF_ALLOW_INCOMPLETE_INPUT
  bool dont_imply_dedent = false;  // PyCF_DONT_IMPLY_DEDENT
  bool barry_as_bdfl = false;      // from __future__ import barry_as_FLUFL
  int max_int_digits = 4300;       // sys.get_int_max_str_digits(); 0: no limit
  int max_depth = 3000;            // of nested nodes, for the later passes
  size_t stack_bytes = 4 << 20;    // native stack the front end may use
  Hooks hooks;
};

struct ParseResult {
  std::unique_ptr<Arena> arena;
  ModNode* module = nullptr;  // null if error.kind is set
  ErrorInfo error;
  WarningList warnings;
  std::string text;  // UTF-8 with '\n' newlines, what positions refer to
  std::string encoding;
};

ParseResult parse(std::string_view source, const ParseOptions& options);

}  // namespace pystm::vm::compiler
