// Reads tests/frontend/errors/*.txt: broken sources and what CPython 3.11 says about each.
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "vm/compiler/errors.h"

namespace pystm::vm::compiler {

struct ErrorCase {
  std::string source, answer;
  int line;
};

inline std::string unescape(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); i++) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    switch (text[++i]) {
      case 'n':
        out += '\n';
        break;
      case 't':
        out += '\t';
        break;
      case 'r':
        out += '\r';
        break;
      case 'f':
        out += '\f';
        break;
      case 'x':
        out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
        i += 2;
        break;
      default:
        out += text[i];
    }
  }
  return out;
}

inline std::vector<ErrorCase> read_corpus(const std::string& path) {
  std::vector<ErrorCase> cases;
  std::ifstream in(path);
  std::string line;
  for (int n = 1; std::getline(in, line); n++) {
    if (line.starts_with("> ")) cases.push_back({unescape(line.substr(2)), "", n});
    if (line.starts_with("= ")) cases.back().answer = line.substr(2);
  }
  return cases;
}

// An error as record_errors.py writes it.
inline std::string corpus_answer(const ErrorInfo& e) {
  static const char* const kNames[] = {
      "ok",          "SyntaxError",    "IndentationError", "TabError",      "ValueError",
      "MemoryError", "RecursionError", "UnicodeError",     "OverflowError", "SystemError",
      "LookupError"};
  if (e.kind == ErrorKind::None) return "ok";
  std::string s = std::string(kNames[static_cast<int>(e.kind)]) + "|" + e.message;
  if (!e.has_position) return s + "|None|None|None|None";
  for (int n : {e.lineno, e.offset, e.end_lineno, e.end_offset})
    s += n == kNoOffset ? "|None" : "|" + std::to_string(n);
  return s;
}

}  // namespace pystm::vm::compiler
