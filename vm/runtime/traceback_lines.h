// Source lines of a traceback with the marks under the failing part.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "vm/bytecode/code_unit.h"
#include "vm/runtime/context.h"

namespace pystm::vm {

// Files read while one exception is printed.
class SourceFiles {
 public:
  explicit SourceFiles(Context& cx) : cx_(cx) {}
  // Line `number` (from 1) without its end; null if it cannot be had. Looks along sys.path for
  // files that moved.
  const std::string* line(const std::string& file, int number);

 private:
  const std::vector<std::string>& lines(const std::string& file);
  Context& cx_;
  std::map<std::string, std::vector<std::string>> files_;
};

// "    source\n" and, where it says more than the line itself, "    ~~^~~\n"; margin before each.
// `position` of the instruction; line is the traceback's.
std::string marked_line(const std::string& source, const Position& position,
                        const std::string& margin);

// A suggestion for a misspelt name, empty if none is near: (name, candidates in order).
std::string nearest_name(const std::string& name, const std::vector<std::string>& candidates);

}  // namespace pystm::vm
