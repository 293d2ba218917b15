#include "jit/ir.h"

#include <mutex>

namespace pystm::jit {

namespace {
// Short names of ir.def's columns.
constexpr Operand operand(Operand o) { return o; }
}  // namespace

const OpInfo kOps[kIrCount] = {
#define IR(name, result, a, b, c, aux, effects, meaning)            \
  {#name,                                                           \
   Type::result,                                                    \
   {operand(Operand::a), operand(Operand::b), operand(Operand::c)}, \
   Aux::aux,                                                        \
   effects},
#include "jit/ir.def"
#undef IR
};

Cond negated(Cond c) {
  switch (c) {
    case Cond::lt:
      return Cond::ge;
    case Cond::le:
      return Cond::gt;
    case Cond::eq:
      return Cond::ne;
    case Cond::ne:
      return Cond::eq;
    case Cond::gt:
      return Cond::le;
    case Cond::ge:
      return Cond::lt;
    case Cond::ult:
      return Cond::uge;
    case Cond::ule:
      return Cond::ugt;
    case Cond::ugt:
      return Cond::ule;
    case Cond::uge:
      return Cond::ult;
    case Cond::nlt:
      return Cond::lt;
    case Cond::nle:
      return Cond::le;
    case Cond::ngt:
      return Cond::gt;
    case Cond::nge:
      return Cond::ge;
  }
  __builtin_unreachable();
}

Cond negated_float(Cond c) {
  switch (c) {
    case Cond::lt:
      return Cond::nlt;
    case Cond::le:
      return Cond::nle;
    case Cond::gt:
      return Cond::ngt;
    case Cond::ge:
      return Cond::nge;
    default:
      return negated(c);
  }
}

Cond swapped(Cond c) {
  switch (c) {
    case Cond::lt:
      return Cond::gt;
    case Cond::le:
      return Cond::ge;
    case Cond::gt:
      return Cond::lt;
    case Cond::ge:
      return Cond::le;
    case Cond::ult:
      return Cond::ugt;
    case Cond::ule:
      return Cond::uge;
    case Cond::ugt:
      return Cond::ult;
    case Cond::uge:
      return Cond::ule;
    case Cond::nlt:
      return Cond::ngt;
    case Cond::nle:
      return Cond::nge;
    case Cond::ngt:
      return Cond::nlt;
    case Cond::nge:
      return Cond::nle;
    case Cond::eq:
    case Cond::ne:
      return c;
  }
  __builtin_unreachable();
}

ExitKind exit_kind(Ir op) {
  switch (op) {
    case Ir::Call:
      return ExitKind::kRaise;
    case Ir::TxPoll:
      return ExitKind::kPoll;
    case Ir::Jump:
      return ExitKind::kLink;
    case Ir::Return:
    case Ir::Switch:
      return ExitKind::kReturn;
    default:
      return ExitKind::kResume;
  }
}

uint16_t effects(const Trace& trace, const Ins& i) {
  const uint16_t fixed = info_of(i.op).effects;
  if (i.op != Ir::Call) return fixed;
  const uint16_t call = trace.call_info(i).effects;
  uint16_t e = fixed;
  if (call & kCallPure) e |= kPure;
  if (call & kCallReads) e |= kLoad;
  if (call & kCallWrites) e |= kStore;
  if (call & kCallFails) e |= kExits;
  if (call & kCallCollects) e |= kCollects;
  return e;
}

// --- Trace ---------------------------------------------------------------------------------------

namespace {
// Every Trace there is, for the collector.
struct Traces {
  std::mutex mutex;
  std::vector<Trace*> list;
};
Traces& traces() {
  static Traces* const all = new Traces;  // the root provider lives for ever
  return *all;
}
}  // namespace

void Trace::visit_all(gc::SlotVisitor& visitor) {
  const std::lock_guard lock(traces().mutex);
  for (Trace* t : traces().list) t->visit_roots(visitor);
}

Trace::~Trace() {
  const std::lock_guard lock(traces().mutex);
  std::vector<Trace*>& list = traces().list;
  list[number_] = list.back();
  list[number_]->number_ = number_;
  list.pop_back();
}

Trace::Trace() {
  {
    const std::lock_guard lock(traces().mutex);
    static const bool registered = [] {
      gc::add_root_provider([](gc::SlotVisitor& v, bool) { visit_all(v); });
      return true;
    }();
    (void)registered;
    number_ = traces().list.size();
    traces().list.push_back(this);
  }
  ins.reserve(512);
  consts.reserve(64);
  snap_slots.reserve(512);
  snapshots.reserve(64);
  ins.emplace_back();
  frames.emplace_back();
  rehash(128);
}

static size_t hash_const(Type type, Word bits) {
  const Word h = (bits ^ static_cast<Word>(type) << 60) * 0x9E3779B97F4A7C15ull;
  return h >> 32;
}

void Trace::rehash(size_t capacity) {
  const_table_.assign(capacity, kNoRef);
  for (size_t k = 0; k < consts.size(); ++k) {
    size_t at = hash_const(consts[k].type, consts[k].bits) & (capacity - 1);
    while (const_table_[at] != kNoRef) at = (at + 1) & (capacity - 1);
    const_table_[at] = static_cast<IrRef>(kFirstConst + k);
  }
}

IrRef Trace::constant(Type type, Word bits) {
  const size_t mask = const_table_.size() - 1;
  size_t at = hash_const(type, bits) & mask;
  for (; const_table_[at] != kNoRef; at = (at + 1) & mask) {
    const Const& k = consts[const_table_[at] - kFirstConst];
    if (k.bits == bits && k.type == type) return const_table_[at];
  }
  const auto r = static_cast<IrRef>(kFirstConst + consts.size());
  consts.push_back({bits, type});
  const_table_[at] = r;
  if (consts.size() * 2 > const_table_.size()) rehash(const_table_.size() * 2);
  return r;
}

void Trace::visit_roots(gc::SlotVisitor& visitor) {
  bool moved = false;
  for (Const& k : consts) {
    if (k.type != Type::Word && k.type != Type::Ref) continue;
    Value v(k.bits);
    if (!v.is_object()) continue;
    visitor.visit(v);
    moved |= v.bits() != k.bits;
    k.bits = v.bits();
  }
  if (moved) rehash(const_table_.size());
}

uint16_t Trace::call_row(const CallInfo* info) {
  for (size_t i = 0; i < calls.size(); ++i)
    if (calls[i] == info) return static_cast<uint16_t>(i);
  calls.push_back(info);
  return static_cast<uint16_t>(calls.size() - 1);
}

}  // namespace pystm::jit
