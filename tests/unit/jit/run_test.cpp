// Traces executed by both back ends: results, exits, restoring.
#include <catch2/catch.hpp>

#include "jit/emit.h"
#include "jit/passes.h"
#include "jit/verify.h"
#include "tests/unit/jit/functions.h"
#include "tests/unit/jit/machine.h"
#include "vm/object/number.h"

using namespace pystm;
using namespace pystm::jit;

namespace {

// Optimised and not, by both back ends: the same outcome, which is returned.
Outcome run_everywhere(const std::string& text, const std::vector<Value>& registers) {
  Trace in, plain, best;
  std::string error;
  test_context();
  REQUIRE(parse(in, text, test_functions(), &error));
  REQUIRE(optimize(in, plain, OptOptions::none()));
  REQUIRE(optimize(in, best, OptOptions()));
  REQUIRE(verify(plain) == "");
  REQUIRE(verify(best) == "");
  const auto interpreter = new_ir_interpreter(), x64 = new_x64_backend();
  const Outcome expected = run_trace(*interpreter, best, registers);
  CHECK(expected.compile_error == "");
  CompileOptions options;
  options.listing = true;
  const Outcome got = run_trace(*x64, best, registers, options);
  INFO(print(best));
  INFO(x64->compile(best, nullptr, options, nullptr)->listing());
  CHECK(got == expected);
  if (plain.link != LinkKind::kSelf) {
    CHECK(run_trace(*interpreter, plain, registers).registers == expected.registers);
    CHECK(run_trace(*x64, plain, registers).registers == expected.registers);
  }
  return got;
}

const std::string kSum =
    "%i = word SLoad #0\n"
    "%i1 = i64 CheckInt %i @4{}\n"
    "%s = word SLoad #1\n"
    "GuardI %i1 lt 1000 @4{}\n"
    "%s1 = i64 CheckInt %s @5{}\n"
    "%s2 = i64 AddOv %s1, %i1 @5{}\n"
    "%i2 = i64 AddOv %i1, 1 @6{1=%s2}\n"
    "TxPoll 1 @4{0=%i2, 1=%s2}\n"
    "Jump #0\n";

}  // namespace

TEST_CASE("jit run: a summing loop") {
  const Outcome o = run_everywhere(kSum, {Value::of_int(0), Value::of_int(0)});
  CHECK(o.registers == std::vector<std::string>{"1000", "499500"});
  CHECK(o.pc == 4);
  CHECK(o.kind == ExitKind::kResume);
}
