// Random traces: the IR interpreter on the trace as recorded is the oracle; each pass alone, all
// passes, and machine code of all of these must leave the same registers, memory and pc.
// PYSTM_SEED=n runs one seed and prints it; PYSTM_RANDOM=n runs n seeds.
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>

#include "jit/emit.h"
#include "jit/verify.h"
#include "tests/unit/jit/machine.h"
#include "tests/unit/jit/random_trace.h"

using namespace pystm;
using namespace pystm::jit;

namespace {

struct Result {
  Outcome outcome;
  std::string memory;
};

Result run(Backend& backend, const Trace& t, RandomWorld& world, Word seed, bool solo) {
  world.reset(seed);
  CompileOptions options;
  options.solo = solo;
  Result r;
  r.outcome = run_trace(backend, t, world.values(), options);
  r.memory = world.text();
  return r;
}

// The exit's instruction differs between optimised versions; where the program stands does not.
std::string difference(const Result& a, const Result& b) {
  if (a.outcome.compile_error != b.outcome.compile_error)
    return "compile: " + b.outcome.compile_error;
  if (a.outcome.pc != b.outcome.pc)
    return "pc " + std::to_string(b.outcome.pc) + " for " + std::to_string(a.outcome.pc);
  if (a.memory != b.memory) return "memory " + b.memory + "\nfor    " + a.memory;
  for (size_t k = 0; k < a.outcome.registers.size(); ++k)
    if (a.outcome.registers[k] != b.outcome.registers[k])
      return "register " + std::to_string(k) + " is " + b.outcome.registers[k] + " for " +
             a.outcome.registers[k];
  return "";
}

// An unpeeled loop is run by itself until a guard leaves it.
struct Plan {
  const char* name;
  OptOptions options;
};

std::string check_seed(Word seed, Backend& interpreter, Backend& x64, bool print_all) {
  static RandomWorld world;
  world.reset(seed);
  Trace recorded;
  base::Rng rng(seed * 77 + 5);
  const auto size = static_cast<unsigned>(20 + rng.below(seed % 10 == 0 ? 300 : 80));
  RandomTrace(recorded, world, seed).make(size, static_cast<unsigned>(1 + rng.below(40)));
  if (print_all) std::printf("%s\n", print(recorded).c_str());
  if (const std::string wrong = verify(recorded); !wrong.empty()) return "recorded " + wrong;

  std::vector<Plan> plans = {{"loop", OptOptions::none()}, {"all", OptOptions()}};
  plans[0].options.loop = true;
  plans[1].options.abc = false;
  plans.push_back({"with abc", OptOptions()});
#define PASS(pass, meaning)                     \
  plans.push_back({#pass, OptOptions::none()}); \
  plans.back().options.pass = true;             \
  plans.back().options.loop = rng.below(2) != 0;
#include "jit/passes.def"
#undef PASS
  bool first = true;
  Result plain;
  for (const Plan& plan : plans) {
    Trace t;
    if (!optimize(recorded, t, plan.options)) {
      if (first) return "";  // a variable changes its type: such loops are not closed
      continue;
    }
    if (t.link != LinkKind::kLoop) continue;
    if (print_all) std::printf("--- %s\n%s\n", plan.name, print(t).c_str());
    if (const std::string wrong = verify(t); !wrong.empty())
      return std::string(plan.name) + " " + wrong;
    const Result oracle = run(interpreter, t, world, seed, true);
    // A hoisted bounds check may leave earlier, at the loop's header, for the interpreter to go on:
    // such a trace is compared with itself only.
    if (first) plain = oracle;
    const Result& expected = plan.options.abc ? oracle : plain;
    first = false;
    if (const std::string d = difference(expected, oracle); !d.empty())
      return std::string(plan.name) + " interpreted: " + d;
    for (const bool solo : {true, false}) {
      const Result got = run(x64, t, world, seed, solo);
      if (print_all && !difference(expected, got).empty()) {
        CompileOptions options;
        options.listing = true;
        options.solo = solo;
        std::printf("%s\n", x64.compile(t, nullptr, options, nullptr)->listing().c_str());
      }
      if (const std::string d = difference(expected, got); !d.empty())
        return std::string(plan.name) + " compiled: " + d;
    }
  }
  return "";
}

}  // namespace

TEST_CASE("jit random: optimised and compiled traces do what was recorded") {
  const auto interpreter = new_ir_interpreter(), x64 = new_x64_backend();
  test_context();
  if (const char* one = std::getenv("PYSTM_SEED")) {
    CHECK(check_seed(std::strtoull(one, nullptr, 10), *interpreter, *x64, true) == "");
    return;
  }
  const char* many = std::getenv("PYSTM_RANDOM");
  const Word count = many == nullptr ? 2500 : std::strtoull(many, nullptr, 10);
  unsigned failures = 0;
  for (Word seed = 1; seed <= count && failures < 5; ++seed) {
    const std::string d = check_seed(seed, *interpreter, *x64, false);
    if (d.empty()) continue;
    ++failures;
    FAIL_CHECK("seed " << seed << ": " << d);
  }
  CHECK(failures == 0);
}
