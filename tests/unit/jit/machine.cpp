#include "tests/unit/jit/machine.h"

#include <cstdio>

#include "jit/restore.h"
#include "jit/runtime.h"
#include "stdlib/modules.h"
#include "vm/object/number.h"
#include "vm/runtime/runtime.h"

namespace pystm::jit {

vm::Context& test_context() {
  static vm::Context& cx = [&]() -> vm::Context& {
    lib::register_all_modules();
    vm::RuntimeOptions options;
    options.stdlib_dir = PYSTM_STDLIB_DIR;
    return vm::start(options, {}, {});
  }();
  return cx;
}

std::string text_of(Value v) {
  char text[64];
  double d;
  if (v.is_int()) {
    std::snprintf(text, sizeof text, "%lld", static_cast<long long>(v.as_int()));
  } else if (float_of(v, &d)) {
    std::snprintf(text, sizeof text, "f%016llx",
                  static_cast<unsigned long long>(d != d ? 0 : std::bit_cast<Word>(d)));
  } else if (vm::has_shape(v, vm::kShapeBigInt)) {
    const auto* b = v.as<vm::BigInt>();
    std::snprintf(text, sizeof text, "%sbig%llx", b->negative() ? "-" : "",
                  static_cast<unsigned long long>(b->limbs()[0]));
  } else if (vm::has_shape(v, vm::kShapeTuple)) {
    std::string s = "(";
    for (Word k = 0; k < v.as<vm::Tuple>()->length; ++k)
      s += text_of((*v.as<vm::Tuple>())[k]) + ",";
    return s + ")";
  } else if (v.is_object()) {
    std::snprintf(text, sizeof text, "object%u", v.object()->shape_id);
  } else {
    std::snprintf(text, sizeof text, "x%llx", static_cast<unsigned long long>(v.bits()));
  }
  return text;
}

Outcome run_trace(Backend& backend, const Trace& trace, const std::vector<Value>& registers,
                  const CompileOptions& options, int32_t budget) {
  vm::Context& cx = test_context();
  Outcome out;
  const char* why = nullptr;
  const auto code = backend.compile(trace, nullptr, options, &why);
  if (code == nullptr) {
    out.compile_error = why;
    return out;
  }
  Value* window = cx.regs_base + 4096;
  // The window lies above what the collector visits: a copy on the native stack pins.
  Value pinned[32];
  for (size_t k = 0; k < registers.size(); ++k) window[k] = pinned[k] = registers[k];
  asm volatile("" : : "r"(pinned) : "memory");
  cx.budget = budget;
  ExitState state;
  code->run(cx, window, state);
  cx.budget = 1 << 20;
  asm volatile("" : : "r"(pinned) : "memory");
  out.exit = state.exit;
  out.kind = state.kind(cx);
  if (out.kind == ExitKind::kResume || out.kind == ExitKind::kPoll ||
      out.kind == ExitKind::kRaise) {
    Restorer restorer(cx, state);
    restorer.registers(window);
    out.pc = restorer.plan().pc;
  }
  for (size_t k = 0; k < registers.size(); ++k) out.registers.push_back(text_of(window[k]));
  return out;
}

}  // namespace pystm::jit
