#include "jit/restore.h"

#include <alloca.h>

#include "base/assert.h"
#include "jit/exits.h"
#include "jit/runtime.h"

namespace pystm::jit {

ExitKind ExitState::kind(vm::Context& cx) const {
  const ExitKind kind = exit_kind(code->trace().ins[exit].op);
  if (!failed) return kind;
  return cx.exception.is_unset() ? ExitKind::kAbort : ExitKind::kRaise;
}

Restorer::Restorer(vm::Context& cx, const ExitState& state)
    : cx_(cx),
      state_(state),
      trace_(state.code->trace()),
      snapshot_(trace_.snapshots[trace_.ins[state.exit].aux]) {}

Value Restorer::value(IrRef r) {
  if (!is_const(r)) {
    for (unsigned k = 0; k < count_; ++k)
      if (made_[k].ref == r) return made_[k].value;
  }
  return convert(r);
}

Value Restorer::convert(IrRef r) {
  if (!is_const(r) && trace_.ins[r].has(kSunk)) return make_object(r);
  const Word bits = state_.code->value_at(state_, r);
  Value v;
  switch (trace_.type(r)) {
    case Type::I64:
      v = Value(pystm_jit_box_int(&cx_, static_cast<int64_t>(bits)));
      break;
    case Type::F64:
      v = Value(pystm_jit_box_float(&cx_, std::bit_cast<double>(bits)));
      break;
    case Type::Bool:
      return of_bool(bits & 1);
    default:
      return Value(bits);
  }
  if (v.is_object() && !is_const(r)) {
    CHECK(count_ < kMaxMade);
    made_[count_++] = {r, v};
  }
  return v;
}

// Values first: the object must not be seen half made.
Value Restorer::make_object(IrRef r) {
  const Ins& n = trace_.ins[r];
  std::vector<IrRef> stores;
  sunk_stores(trace_, r, state_.exit, &stores);
  struct Word8 {
    unsigned offset;
    Value value;
  } words[64];
  unsigned count = 0;
  for (const IrRef s : stores) {
    const Ins& store = trace_.ins[s];
    const Field f(store.aux);
    const bool item = store.op == Ir::StoreItem;
    const auto index = item ? static_cast<unsigned>(trace_.bits(store.b)) : 0;
    const IrRef stored = item ? store.c : store.b;
    const bool tagged = f.memory() == Memory::kWord || f.memory() == Memory::kRef;
    CHECK(count < std::size(words));
    words[count++] = {f.offset() + 8 * index,
                      tagged ? value(stored) : Value(state_.code->value_at(state_, stored))};
  }
  const Value object(
      pystm_jit_new(&cx_, static_cast<uint32_t>(trace_.bits(n.a)), n.aux, n.has(kHasVlock)));
  for (unsigned k = 0; k < count; ++k)  // a newborn: no barrier of either kind
    *reinterpret_cast<Value*>(object.bits() + words[k].offset) = words[k].value;
  CHECK(count_ < kMaxMade);
  made_[count_++] = {r, object};
  return object;
}

void Restorer::registers(Value* window) {
  // All values before the first register: making some may collect, and others may be in registers
  // that are about to change. The array lies on the native stack: what it holds is pinned.
  const auto slots = trace_.slots(snapshot_);
  auto* values = static_cast<Value*>(alloca((slots.size() + 1) * sizeof(Value)));
  for (size_t k = 0; k < slots.size(); ++k) values[k] = value(slots[k].ref);
  for (size_t k = 0; k < slots.size(); ++k) window[slots[k].slot] = values[k];
}

}  // namespace pystm::jit
