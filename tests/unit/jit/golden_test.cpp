// Passes against expected text: golden/*.ir. A file holds cases of the form
//
//   # name: what it shows
//   opt: fold,cse                 as in --jit opt=...
//   (input IR)
//   =>
//   (expected IR)
//
// PYSTM_REGENERATE=1 rewrites the expectations, for review.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "jit/emit.h"
#include "jit/verify.h"
#include "tests/unit/jit/functions.h"

using namespace pystm;
using namespace pystm::jit;

namespace {

struct Case {
  std::string title, opt, input, expected;
};

std::vector<Case> read_cases(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::vector<Case> cases;
  std::string line;
  bool output = false;
  while (std::getline(in, line)) {
    if (line.substr(0, 2) == "# ") {
      cases.push_back({line.substr(2), {}, {}, {}});
      output = false;
    } else if (line.substr(0, 4) == "opt:") {
      cases.back().opt = line.substr(5);
    } else if (line == "=>") {
      output = true;
    } else if (!line.empty()) {
      (output ? cases.back().expected : cases.back().input) += line + "\n";
    }
  }
  return cases;
}

std::string run(const Case& c) {
  Trace in, out;
  std::string error;
  OptOptions options;
  if (!parse(in, c.input, test_functions(), &error)) return "parse error: " + error + "\n";
  if (!parse_opt(c.opt, &options)) return "unknown option\n";
  if (!optimize(in, out, options)) return "impossible\n";
  const std::string wrong = verify(out);
  return print(out) + wrong;
}

}  // namespace

TEST_CASE("jit golden: passes give the expected text") {
  const bool regenerate = std::getenv("PYSTM_REGENERATE") != nullptr;
  unsigned count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("tests/unit/jit/golden")) {
    std::vector<Case> cases = read_cases(entry.path());
    for (Case& c : cases) {
      const std::string got = run(c);
      if (regenerate) {
        c.expected = got;
      } else {
        INFO(entry.path().filename().string() << ": " << c.title << "\n" << got);
        CHECK(got == c.expected);
      }
      ++count;
    }
    if (!regenerate) continue;
    std::ofstream out(entry.path());
    for (const Case& c : cases)
      out << "# " << c.title << "\nopt: " << c.opt << "\n"
          << c.input << "=>\n"
          << c.expected << "\n";
  }
  CHECK(count >= 30);
}
