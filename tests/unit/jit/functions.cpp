#include "tests/unit/jit/functions.h"

#include "vm/object/sequence.h"

namespace pystm::jit {

namespace {

vm::Result<Value> identity(vm::Context&, Value v) { return v; }
// Fails, with nothing pending (as after an abort), when given None.
vm::Result<Value> refuse_none(vm::Context&, Value v) {
  if (v == kNone) return vm::Error{};
  return v;
}
Word mix(vm::Context&, Word a, Word b) { return (a ^ b >> 7) * 0x9E3779B97F4A7C15ull; }
double blend(vm::Context&, double a, Word b, double c) {
  return a * 0.5 + c + static_cast<double>(static_cast<int64_t>(b) % 100);
}
vm::Result<Value> wrap(vm::Context& cx, Value v) { return Value(TRY(vm::new_list(cx, &v, 1))); }
// Overwrites every caller-saved register's worth of state that it can.
vm::Result<void> touch(vm::Context&) { return {}; }

constexpr uint16_t kImpure = kCallReads | kCallWrites | kCallFails | kCallCollects;
const CallInfo kIdentity = {"identity", Entry<&identity>, Type::Word, kImpure, 1, {Type::Word}};
const CallInfo kRefuseNone = {"refuse_none", Entry<&refuse_none>, Type::Word, kImpure, 1,
                              {Type::Word}};
const CallInfo kMix = {"mix", reinterpret_cast<void*>(&mix), Type::I64, kCallPure,
                       2,     {Type::I64, Type::I64}};
const CallInfo kBlend = {"blend", reinterpret_cast<void*>(&blend),  Type::F64, kCallPure,
                         3,       {Type::F64, Type::I64, Type::F64}};
const CallInfo kWrap = {"wrap", Entry<&wrap>, Type::Ref, kCallCollects,
                        1,      {Type::Word}, 0,         vm::kShapeList};
const CallInfo kTouch = {"touch", Entry<&touch>, Type::None, kImpure, 0, {}};
const CallInfo* const kFunctions[] = {&kIdentity, &kRefuseNone, &kMix, &kBlend, &kTouch, &kWrap};

}  // namespace

std::span<const CallInfo* const> test_functions() { return kFunctions; }

}  // namespace pystm::jit
