#include "jit/restore.h"

#include <alloca.h>

#include <algorithm>

#include "base/assert.h"
#include "jit/exits.h"
#include "jit/runtime.h"

namespace pystm::jit {

ExitKind ExitState::kind(vm::Context& cx) const {
  const ExitKind kind = exit_kind(code->trace().ins[exit].op);
  if (!failed) return kind;
  return cx.exception.is_unset() ? ExitKind::kAbort : ExitKind::kRaise;
}

// --- the plan ------------------------------------------------------------------------------------

namespace {

class Planner {
 public:
  Planner(ExitPlan* plan, const Code& code, IrRef exit)
      : plan_(*plan), code_(code), t_(code.trace()), exit_(exit) {}

  // Where the value will be as a Python value. The same reference gives the same object.
  ExitPlan::Source value(IrRef r) {
    if (r == kNoRef) return {};
    for (const Made& m : made_)
      if (m.ref == r) return m.source;
    if (!is_const(r) && t_.ins[r].has(kSunk)) return object(r);
    switch (t_.type(r)) {
      case Type::I64:
        return box(r, ExitPlan::StepKind::kBoxInt);
      case Type::F64:
        return box(r, ExitPlan::StepKind::kBoxFloat);
      case Type::Bool:
        return box(r, ExitPlan::StepKind::kBoxBool);
      default:
        return raw(r);
    }
  }

  void frame(const Frame& f) {
    const FrameKind kind = kind_of(f);
    const IrRef self = kind == FrameKind::kGenerator ? f.generator : f.init_self;
    plan_.frames.push_back({value(f.code), value(f.function), kind, value(self), value(f.object),
                            f.object != kNoRef, f.base, f.parent_pc, f.result, f.on_return});
  }

 private:
  struct Made {
    IrRef ref;
    ExitPlan::Source source;
  };
  ExitPlan& plan_;
  const Code& code_;
  const Trace& t_;
  IrRef exit_;
  std::vector<Made> made_;

  ExitPlan::Source raw(IrRef r) const {
    if (is_const(r)) return {ExitPlan::Source::kConst, static_cast<uint32_t>(r - kFirstConst)};
    const Place place = code_.place_at(exit_, r);
    return {place.base == Place::kState ? ExitPlan::Source::kState : ExitPlan::Source::kWindow,
            place.offset};
  }

  ExitPlan::Source add(IrRef r, const ExitPlan::Step& step) {
    CHECK(plan_.made < ExitPlan::kMaxMade);
    plan_.steps.push_back(step);
    made_.push_back({r, {ExitPlan::Source::kMade, plan_.made++}});
    return made_.back().source;
  }
  ExitPlan::Source box(IrRef r, ExitPlan::StepKind kind) {
    return add(r, {.kind = kind, .from = raw(r)});
  }

  // Values first: the object must not be seen half made.
  ExitPlan::Source object(IrRef r) {
    const Ins& n = t_.ins[r];
    if (makes_object(t_, n)) {
      const ExitPlan::Source argument = value(t_.call_args(n)[0]);
      return add(r,
                 {.kind = ExitPlan::StepKind::kCall, .from = argument, .call = &t_.call_info(n)});
    }
    std::vector<IrRef> stores;
    sunk_stores(t_, r, exit_, &stores);
    std::vector<ExitPlan::Step> words;
    for (const IrRef s : stores) {
      const Ins& store = t_.ins[s];
      const Field f(store.aux);
      const bool item = store.op == Ir::StoreItem;
      const auto index = item ? static_cast<uint32_t>(t_.bits(store.b)) : 0;
      const IrRef stored = item ? store.c : store.b;
      const bool tagged = f.memory() == Memory::kWord || f.memory() == Memory::kRef;
      words.push_back({.kind = ExitPlan::StepKind::kStore,
                       .offset = f.offset() + 8 * index,
                       .from = tagged ? value(stored) : raw(stored)});
    }
    const ExitPlan::Source made = add(r, {.kind = ExitPlan::StepKind::kNew,
                                          .has_vlock = n.has(kHasVlock),
                                          .offset = n.aux,
                                          .shape = sunk_shape(t_, r, exit_)});
    for (ExitPlan::Step& w : words) {
      w.object = static_cast<uint16_t>(made.offset);
      plan_.steps.push_back(w);
    }
    return made;
  }
};

}  // namespace

ExitPlan::ExitPlan(const Code& code, IrRef exit) {
  const Trace& t = code.trace();
  const Snapshot& snapshot = t.snapshots[t.ins[exit].aux];
  Planner planner(this, code, exit);
  pc = snapshot.pc;
  for (const SnapSlot& slot : t.slots(snapshot))
    registers.push_back({slot.slot, planner.value(slot.ref)});
  for (uint16_t n = snapshot.frame; n != 0; n = t.frames[n].parent) planner.frame(t.frames[n]);
  std::reverse(frames.begin(), frames.end());
}

Code::Code(const Trace& trace)
    : trace_(trace), plans_(std::make_unique<std::atomic<const ExitPlan*>[]>(trace.size())) {}

Code::~Code() {
  for (size_t k = 0; k < trace_.size(); ++k) delete plans_[k].load(std::memory_order_relaxed);
}

const ExitPlan& Code::plan(IrRef exit) const {
  const ExitPlan* known = plans_[exit].load(std::memory_order_acquire);
  if (PYSTM_LIKELY(known != nullptr)) return *known;
  auto made = std::make_unique<ExitPlan>(*this, exit);
  if (plans_[exit].compare_exchange_strong(known, made.get(), std::memory_order_acq_rel))
    known = made.release();
  return *known;
}

// --- restoring -----------------------------------------------------------------------------------

Restorer::Restorer(vm::Context& cx, const ExitState& state)
    : state_(state), plan_(state.code->plan(state.exit)) {
  unsigned made = 0;
  for (const ExitPlan::Step& s : plan_.steps) {
    switch (s.kind) {
      case ExitPlan::StepKind::kBoxInt:
        made_[made++] = pystm_jit_box_int(&cx, static_cast<int64_t>(word(s.from)));
        break;
      case ExitPlan::StepKind::kBoxFloat:
        made_[made++] = pystm_jit_box_float(&cx, std::bit_cast<double>(word(s.from)));
        break;
      case ExitPlan::StepKind::kBoxBool:
        made_[made++] = of_bool(word(s.from) & 1).bits();
        break;
      case ExitPlan::StepKind::kNew:
        made_[made++] = pystm_jit_new(&cx, s.shape, s.offset, s.has_vlock);
        break;
      case ExitPlan::StepKind::kCall:
        made_[made++] =
            reinterpret_cast<Word (*)(vm::Context*, Word)>(s.call->entry)(&cx, word(s.from));
        break;
      case ExitPlan::StepKind::kStore:  // a newborn: no barrier of either kind
        *reinterpret_cast<Word*>(made_[s.object] + s.offset) = word(s.from);
        break;
    }
  }
}

Word Restorer::word(ExitPlan::Source s) const {
  switch (s.base) {
    case ExitPlan::Source::kState:
      return *reinterpret_cast<const Word*>(reinterpret_cast<const char*>(&state_) + s.offset);
    case ExitPlan::Source::kWindow:
      return *reinterpret_cast<const Word*>(reinterpret_cast<const char*>(state_.window) +
                                            s.offset);
    case ExitPlan::Source::kConst:
      return state_.code->trace().consts[s.offset].bits;
    case ExitPlan::Source::kMade:
      return made_[s.offset];
  }
  __builtin_unreachable();
}

void Restorer::registers(Value* window) const {
  // All values before the first register: others may be in registers that are about to change.
  const auto& rows = plan_.registers;
  auto* values = static_cast<Word*>(alloca((rows.size() + 1) * sizeof(Word)));
  for (size_t k = 0; k < rows.size(); ++k) values[k] = word(rows[k].from);
  for (size_t k = 0; k < rows.size(); ++k) window[rows[k].slot] = Value(values[k]);
}

}  // namespace pystm::jit
