// Every broken source of tests/frontend/errors gives CPython's exception, text and positions.
#include <catch2/catch.hpp>

#include "tests/unit/vm/compiler_corpus.h"
#include "vm/compiler/compile.h"

namespace pystm::vm::compiler {
namespace {

// Run from the repository's root (tests/CMakeLists.txt).
void check_corpus(const std::string& name) {
  const std::vector<ErrorCase> cases = read_corpus("tests/frontend/errors/" + name + ".txt");
  REQUIRE(cases.size() > 50);
  for (const ErrorCase& c : cases) {
    INFO(name << ".txt:" << c.line << ": " << c.source.substr(0, 200));
    const CompileResult result = compile_source(c.source, "<test>", CompileOptions{});
    CHECK(corpus_answer(result.error) == c.answer);
  }
}

TEST_CASE("errors of the lexer are CPython's") { check_corpus("lexer"); }
TEST_CASE("errors in expressions are CPython's") { check_corpus("expressions"); }
TEST_CASE("errors in statements are CPython's") { check_corpus("statements"); }
TEST_CASE("errors in f-strings are CPython's") { check_corpus("fstrings"); }
TEST_CASE("errors of scopes and code generation are CPython's") { check_corpus("scopes"); }

ErrorInfo error_of(const std::string& source, Mode mode = Mode::Exec, bool incomplete = false) {
  CompileOptions options;
  options.parse.mode = mode;
  options.parse.allow_incomplete = options.parse.dont_imply_dedent = incomplete;
  return compile_source(source, "<test>", options).error;
}

TEST_CASE("null bytes are a ValueError") {
  const ErrorInfo e = error_of(std::string("a\0b", 3));
  CHECK(e.kind == ErrorKind::Value);
  CHECK(e.message == "source code string cannot contain null bytes");
}

TEST_CASE("single mode accepts one statement") {
  CHECK(error_of("x = 1", Mode::Single).kind == ErrorKind::None);
  CHECK(error_of("if x:\n  y\n\n", Mode::Single).kind == ErrorKind::None);
  CHECK(error_of("x = 1\ny = 2\n", Mode::Single).message ==
        "multiple statements found while compiling a single statement");
}

TEST_CASE("incomplete input is told apart from wrong input") {
  for (const char* text : {"def x():\n  pass", "if 1:\n", "(", "'''a", "x = \\\n", "a +", ""}) {
    INFO(text);
    CHECK(error_of(text, Mode::Single, true).message == "incomplete input");
  }
  CHECK(error_of("def x():\n  pass\n", Mode::Single, true).kind == ErrorKind::None);
  CHECK(error_of("a b", Mode::Single, true).message == "invalid syntax");
}

TEST_CASE("source is decoded as PEP 263 says") {
  CompileOptions options;
  options.parse.source_is_bytes = true;
  const auto compile = [&](const std::string& s) { return compile_source(s, "f", options).error; };
  CHECK(compile("# coding: latin-1\nx = '\xe9'\n").kind == ErrorKind::None);
  CHECK(compile("\xef\xbb\xbfx = 1\n").kind == ErrorKind::None);
  CHECK(compile("x = '\xe9'\n").message ==
        "Non-UTF-8 code starting with '\\xe9' on line 1, but no encoding declared; see "
        "https://peps.python.org/pep-0263/ for details");
  CHECK(compile("# coding: foo\n").message == "unknown encoding: foo");
  CHECK(compile("\xef\xbb\xbf# coding: latin-1\n").message ==
        "encoding problem: iso-8859-1 with BOM");
}

TEST_CASE("warnings are collected in order") {
  const CompileResult r = compile_source("'\\d'\nx is 1\n(1)(2)\nassert (a, b)\n1if x else 2\n",
                                         "<test>", CompileOptions{});
  std::vector<std::string> texts;
  for (const WarningInfo& w : r.warnings) texts.push_back(w.message);
  CHECK(texts ==
        std::vector<std::string>{"invalid escape sequence '\\d'", "invalid decimal literal",
                                 "\"is\" with a literal. Did you mean \"==\"?",
                                 "'int' object is not callable; perhaps you missed a comma?",
                                 "assertion is always true, perhaps remove parentheses?"});
}

}  // namespace
}  // namespace pystm::vm::compiler
