// Deeply nested input ends in an exception or a result, never in a native stack overflow.
#include <catch2/catch.hpp>

#include "vm/compiler/compile.h"

namespace pystm::vm::compiler {
namespace {

std::string repeat(const std::string& s, int n) {
  std::string out;
  out.reserve(s.size() * static_cast<size_t>(n));
  for (int i = 0; i < n; i++) out += s;
  return out;
}

ErrorInfo error_of(const std::string& source) {
  return compile_source(source, "<test>", CompileOptions{}).error;
}

constexpr int kMany = 1000000;

TEST_CASE("nested brackets are limited") {
  CHECK(error_of(repeat("(", kMany)).message == "too many nested parentheses");
  CHECK(error_of(repeat("f(**", 100000)).message == "too many nested parentheses");
  CHECK(error_of(repeat("[", 190) + repeat("]", 190)).kind == ErrorKind::None);
}

TEST_CASE("right-nested expressions run out of parser stack") {
  for (const char* piece : {"-", "~", "not ", "lambda:", "a if b else ", "a**"}) {
    INFO(piece);
    CHECK(error_of(repeat(piece, kMany) + "a").kind == ErrorKind::Memory);
  }
}

TEST_CASE("left-nested expressions are too deep for the later passes") {
  for (const char* piece : {"+a", ".a", "[0]", "()"}) {
    INFO(piece);
    CHECK(error_of("a" + repeat(piece, kMany)).kind == ErrorKind::Recursion);
    CHECK(error_of("a" + repeat(piece, 2000)).kind == ErrorKind::None);
  }
}

TEST_CASE("flat chains have no limit") {
  CHECK(error_of("a" + repeat(" and a", kMany)).kind == ErrorKind::None);
  CHECK(error_of(repeat("a = ", 1000) + "a").kind == ErrorKind::None);
}

TEST_CASE("elif chains are limited by depth") {
  CHECK(error_of("if a: b\n" + repeat("elif a: b\n", 2000)).kind == ErrorKind::None);
  CHECK(error_of("if a: b\n" + repeat("elif a: b\n", 100000)).kind != ErrorKind::None);
}

TEST_CASE("failing nested displays take linear time") {
  CHECK(error_of(repeat("{", 100) + "a b").message == "'{' was never closed");
  CHECK(error_of(repeat("{a: ", 100) + "a b").message != "");
  CHECK(error_of(repeat("((", 90) + "a b" + repeat("))", 90)).message ==
        "invalid syntax. Perhaps you forgot a comma?");
}

TEST_CASE("huge integers are refused in decimal only") {
  CHECK(error_of("x = " + repeat("1", kMany))
            .message.starts_with("Exceeds the limit (4300 digits) for integer string conversion: "
                                 "value has 1000000 digits"));
  CHECK(error_of("x = 0x" + repeat("f", 100000)).kind == ErrorKind::None);
}

}  // namespace
}  // namespace pystm::vm::compiler
