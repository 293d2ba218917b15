// Running traces in tests: the VM brought up once, both back ends, and what a run leaves behind.
#pragma once

#include <string>
#include <vector>

#include "jit/backend.h"

namespace pystm::jit {

// The main thread's Context, made at the first call.
vm::Context& test_context();

struct Outcome {
  std::string compile_error;
  IrRef exit = 0;
  ExitKind kind = ExitKind::kResume;
  uint32_t pc = 0;
  std::vector<std::string> registers;  // of the window, after restoring, as text
  bool operator==(const Outcome&) const = default;
};
std::string text_of(Value v);

// Runs `trace` with these registers until it is left.
Outcome run_trace(Backend& backend, const Trace& trace, const std::vector<Value>& registers,
                  const CompileOptions& options = {}, int32_t budget = 1 << 30);

}  // namespace pystm::jit
