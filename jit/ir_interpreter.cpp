// The IR interpreter: executes a trace instruction by instruction, with the memory effects and
// exits that machine code has. Oracle for the other back end.
//
// Values lie in an array on the native stack, which the collector scans conservatively.
#include <alloca.h>

#include <algorithm>
#include <atomic>

#include "base/assert.h"
#include "jit/arith.h"
#include "jit/backend.h"
#include "jit/exits.h"
#include "jit/runtime.h"
#include "vm/bytecode/code.h"

namespace pystm::jit {

namespace {

class IrCode final : public Code {
 public:
  IrCode(const Trace& trace, const CompileOptions& options)
      : Code(trace),
        solo_(options.solo),
        undoable_(options.undoable),
        sides_(new std::atomic<const IrCode*>[trace.size()]()) {}
  void run(vm::Context& cx, Value* window, ExitState& state) const override;
  Place place_at(IrRef exit, IrRef r) const override;
  void attach(IrRef exit, const Code* side) override {
    sides_[exit].store(static_cast<const IrCode*>(side), std::memory_order_release);
  }
  bool solo() const { return solo_; }
  bool undoable() const { return undoable_; }
  const IrCode* side(IrRef exit) const { return sides_[exit].load(std::memory_order_acquire); }

 private:
  bool solo_, undoable_;
  std::unique_ptr<std::atomic<const IrCode*>[]> sides_;  // by instruction
};

// One run of one trace. step() gives false when the trace is left at at_.
class Run {
 public:
  Run(const IrCode& code, vm::Context& cx, Value* window, Word* values, ExitState& state)
      : code_(code), t_(code.trace()), cx_(cx), window_(window), v_(values), state_(state) {}

  void go() {
    state_.failed = state_.gave_up = false;
    at_ = 1;
    while (t_.ins[at_].has(kSunk) || step(t_.ins[at_])) {
      if (++at_ == t_.size() || (t_.loop() != 0 && t_.ins[at_].op == Ir::Phi)) back_edge();
    }
    state_.code = &code_;
    state_.exit = at_;
    save();
  }

 private:
  const IrCode& code_;
  const Trace& t_;
  vm::Context& cx_;
  Value* window_;
  Word* v_;
  ExitState& state_;
  IrRef at_ = 0;

  Word get(IrRef r) const { return is_const(r) ? constant(r) : v_[r]; }
  Word constant(IrRef r) const {
    if (t_.type(r) == Type::Ptr && t_.bits(r) == 0) return reinterpret_cast<Word>(&cx_);
    return t_.bits(r);
  }
  int64_t integer(IrRef r) const { return static_cast<int64_t>(get(r)); }
  double number(IrRef r) const { return std::bit_cast<double>(get(r)); }
  Object* object(IrRef r) const { return reinterpret_cast<Object*>(get(r)); }
  bool set(Word w) {
    v_[at_] = w;
    return true;
  }
  bool set(double d) { return set(std::bit_cast<Word>(d)); }

  // Phis at the same time: all right sides are read first.
  void back_edge() {
    IrRef first = t_.size();
    while (t_.ins[first - 1].op == Ir::Phi || t_.ins[first - 1].op == Ir::Nop) --first;
    const unsigned n = t_.size() - first;
    Word* next = static_cast<Word*>(alloca(n * sizeof(Word) + 8));
    for (unsigned k = 0; k < n; ++k)
      if (t_.ins[first + k].op == Ir::Phi) next[k] = get(t_.ins[first + k].b);
    for (unsigned k = 0; k < n; ++k)
      if (t_.ins[first + k].op == Ir::Phi) v_[t_.ins[first + k].a] = next[k];
    at_ = t_.loop();
  }

  // The exit's values, in the order of exit_values().
  void save() {
    std::vector<IrRef> list;
    exit_values(t_, at_, &list);
    for (size_t k = 0; k < list.size(); ++k) state_.spills[k] = v_[list[k]];
  }

  bool step(const Ins& i);
  bool step_arith(const Ins& i);
  bool step_guard(const Ins& i);
  bool step_memory(const Ins& i);
  bool step_barrier(const Ins& i);
  bool call(const Ins& i);
  bool passed(Word status) {
    state_.failed = status == kFailed;
    return status == kPassed;
  }
  Word load(const char* p, Memory m) const;
  void store(char* p, Memory m, Word w) const;
  char* place(const Ins& i) const;
};

bool Run::step(const Ins& i) {
  if (is_int_binary(i.op) || is_float_arith(i.op)) return step_arith(i);
  if (info_of(i.op).effects & kBarrier) {
    const bool left_out = code_.solo() && i.op != Ir::TxPoll;
    return left_out || i.has(kAssumed) || step_barrier(i);
  }
  switch (i.op) {
    case Ir::Nop:
    case Ir::Loop:
    case Ir::Phi:
      return true;
    case Ir::SLoad:
      return set(window_[static_cast<int32_t>(i.aux)].bits());
    case Ir::SStore:
      window_[static_cast<int32_t>(i.aux)] = Value(get(i.a));
      return true;
    case Ir::Inherit:
      return set(state_.spills[i.aux]);
    case Ir::Return:
      state_.switched = pystm_jit_return(&cx_, get(i.a), static_cast<vm::OnReturn>(i.c));
      return false;
    case Ir::Switch:
      state_.switched = get(i.a) == kTrue.bits();
      return false;
    case Ir::Jump:
    case Ir::Exit:
      return false;
    case Ir::BoxInt:
    case Ir::TagInt:
      return set(pystm_jit_box_int(&cx_, integer(i.a)));
    case Ir::BoxFloat:
      return set(pystm_jit_box_float(&cx_, number(i.a)));
    case Ir::BoxBool:
      return set(of_bool(get(i.a)).bits());
    case Ir::IntToFloat:
      return set(static_cast<double>(integer(i.a)));
    case Ir::CmpI:
      return set(Word{evaluate(static_cast<Cond>(i.c), integer(i.a), integer(i.b))});
    case Ir::CmpF:
      return set(Word{evaluate(static_cast<Cond>(i.c), number(i.a), number(i.b))});
    case Ir::CmpW:
      return set(Word{(get(i.a) == get(i.b)) == (static_cast<Cond>(i.c) == Cond::eq)});
    case Ir::Call:
      return call(i);
    default:
      return info_of(i.op).effects & kGuard ? i.has(kAssumed) || step_guard(i) : step_memory(i);
  }
}

bool Run::step_arith(const Ins& i) {
  if (is_float_arith(i.op))
    return set(evaluate_float(i.op, number(i.a), i.b == 0 ? 0.0 : number(i.b)));
  int64_t r = 0;
  const bool ok = evaluate_int(i.op, integer(i.a), integer(i.b), &r);
  return ok && set(static_cast<Word>(r));
}

bool Run::step_guard(const Ins& i) {
  const Value v(i.a == 0 || i.op == Ir::CheckRoom ? 0 : get(i.a));
  int64_t k;
  double d;
  switch (i.op) {
    case Ir::CheckInt:
      return v.is_int() && set(static_cast<Word>(v.as_int()));
    case Ir::CheckFloat:
      return float_of(v, &d) && set(d);
    case Ir::CheckRef:
      return v.is_object() && set(v.bits());
    case Ir::GuardShape:
      return v.object()->shape_id == get(i.b);
    case Ir::GuardIs:
      return get(i.a) == get(i.b);
    case Ir::GuardIsNot:
      return get(i.a) != get(i.b);
    case Ir::GuardI:
      return evaluate(static_cast<Cond>(i.c), integer(i.a), integer(i.b));
    case Ir::GuardF:
      return evaluate(static_cast<Cond>(i.c), number(i.a), number(i.b));
    case Ir::GuardTrue:
      return get(i.a) & 1;
    case Ir::GuardFalse:
      return !(get(i.a) & 1);
    case Ir::GuardValid:
      return t_.valid;
    case Ir::CheckRoom:
      return has_room(cx_, window_ + i.a, i.b);
    case Ir::FloatToInt:
      return truncate(number(i.a), &k) && set(static_cast<Word>(k));
    default:
      __builtin_unreachable();
  }
}

Word Run::load(const char* p, Memory m) const {
  switch (m) {
    case Memory::kI32:
      return static_cast<Word>(int64_t{*reinterpret_cast<const int32_t*>(p)});
    case Memory::kU32:
      return *reinterpret_cast<const uint32_t*>(p);
    case Memory::kU16:
      return *reinterpret_cast<const uint16_t*>(p);
    case Memory::kU8:
      return *reinterpret_cast<const uint8_t*>(p);
    default:
      return *reinterpret_cast<const Word*>(p);
  }
}

void Run::store(char* p, Memory m, Word w) const {
  switch (m) {
    case Memory::kI32:
    case Memory::kU32:
      *reinterpret_cast<uint32_t*>(p) = static_cast<uint32_t>(w);
      return;
    case Memory::kU16:
      *reinterpret_cast<uint16_t*>(p) = static_cast<uint16_t>(w);
      return;
    case Memory::kU8:
      *reinterpret_cast<uint8_t*>(p) = static_cast<uint8_t>(w);
      return;
    default:
      *reinterpret_cast<Word*>(p) = w;
  }
}

char* Run::place(const Ins& i) const {
  const Field f(i.aux);
  char* p = reinterpret_cast<char*>(get(i.a)) + f.offset();
  if (i.op == Ir::LoadItem || i.op == Ir::StoreItem) p += get(i.b) * memory_bytes(f.memory());
  return p;
}

bool Run::step_memory(const Ins& i) {
  const Memory m = Field(i.aux).memory();
  switch (i.op) {
    case Ir::LoadField:
    case Ir::LoadItem:
      return set(load(place(i), m));
    case Ir::StoreField:
    case Ir::StoreItem: {
      char* p = place(i);
      store(p, m, get(i.op == Ir::StoreItem ? i.c : i.b));
      if (!i.has(kNoGcBarrier)) pystm_jit_remember(&cx_, object(i.a), reinterpret_cast<Value*>(p));
      return true;
    }
    case Ir::SetShape:
      object(i.a)->shape_id = static_cast<uint32_t>(get(i.b));  // NOBARRIER: acquired above
      return true;
    case Ir::New:
      return set(pystm_jit_new(&cx_, static_cast<uint32_t>(get(i.a)), i.aux, i.has(kHasVlock)));
    default:
      __builtin_unreachable();
  }
}

bool Run::step_barrier(const Ins& i) {
  switch (i.op) {
    case Ir::TxPoll:
      cx_.budget -= static_cast<int32_t>(i.a);
      return cx_.budget >= cx_.poll.load(std::memory_order_relaxed);
    case Ir::ReadCheck:
      return passed(pystm_jit_read_check(&cx_, static_cast<MutObject*>(object(i.a))));
    case Ir::Acquire:
      return passed((i.has(kCloses) ? pystm_jit_acquire_closing : pystm_jit_acquire)(
          &cx_, static_cast<MutObject*>(object(i.a))));
    case Ir::ItemCheck:
      return passed(pystm_jit_item_check(&cx_, object(i.a), object(i.b), get(i.c)));
    case Ir::ItemAcquire:
      return passed(pystm_jit_item_acquire(&cx_, object(i.a), object(i.b), get(i.c)));
    case Ir::UndoItem:
      pystm_jit_undo_item(&cx_, object(i.a), get(i.b));
      return true;
    case Ir::Inevitable:
      if (code_.undoable()) {
        state_.failed = state_.gave_up = true;
        return false;
      }
      return passed(pystm_jit_inevitable(&cx_, reinterpret_cast<const char*>(get(i.a))));
    default:
      __builtin_unreachable();
  }
}

// All integer registers and all float registers are filled: a callee takes what it declares.
bool Run::call(const Ins& i) {
  const CallInfo& info = t_.call_info(i);
  Word words[6] = {};
  double doubles[6] = {};
  unsigned w = 0, d = 0;
  for (const IrRef r : t_.call_args(i)) {
    if (t_.type(r) == Type::F64)
      doubles[d++] = number(r);
    else
      words[w++] = get(r);
  }
  const auto invoke = [&]<class R>(R*) {
    using F = R (*)(vm::Context*, Word, Word, Word, Word, Word, double, double, double, double,
                    double, double);
    return reinterpret_cast<F>(info.entry)(&cx_, words[0], words[1], words[2], words[3], words[4],
                                           doubles[0], doubles[1], doubles[2], doubles[3],
                                           doubles[4], doubles[5]);
  };
  if (info.result == Type::F64) return set(invoke(static_cast<double*>(nullptr)));
  Word r = invoke(static_cast<Word*>(nullptr));
  if (info.result == Type::Bool) r &= 0xFF;
  if ((info.effects & kCallFails) && r == kFailed) {
    state_.failed = true;
    return false;
  }
  return set(r);
}

// A frame of its own for each trace: a cycle of attached traces does not pile up value arrays.
[[gnu::noinline]] void run_one(const IrCode& code, vm::Context& cx, Value* window,
                               ExitState& state) {
  auto* values = static_cast<Word*>(alloca(code.trace().size() * sizeof(Word)));
  Run(code, cx, window, values, state).go();
}

void IrCode::run(vm::Context& cx, Value* window, ExitState& state) const {
  state.window = window;
  state.switched = false;
  const IrCode* code = this;
  do {
    run_one(*code, cx, state.window, state);
    const Trace& t = code->trace();
    const Ins& left = t.ins[state.exit];
    // A barrier that fails says what others did; another run need not meet the same.
    if (undoable_ && info_of(left.op).effects & kBarrier && left.op != Ir::TxPoll)
      state.gave_up = true;
    const bool again = t.link == LinkKind::kSelf && left.op == Ir::Jump;
    if (!again) code = code->side(state.exit);
    if (left.op != Ir::Jump || again || code == nullptr) continue;
    // A collection looks at the registers that are alive where the target begins.
    state.window += left.aux;
    if (code->trace().frames[0].code == kNoRef) continue;  // of a test
    cx.frame->pc = cx.frame->code->data->instrs + code->trace().entry_pc;
  } while (code != nullptr && !state.failed && !state.gave_up);
}

Place IrCode::place_at(IrRef exit, IrRef r) const {
  std::vector<IrRef> list;
  exit_values(trace_, exit, &list);
  const auto k = static_cast<size_t>(std::find(list.begin(), list.end(), r) - list.begin());
  CHECK(k < list.size());
  return {Place::kState, static_cast<uint32_t>(offsetof(ExitState, spills) + 8 * k)};
}

class IrInterpreter final : public Backend {
 public:
  std::unique_ptr<Code> compile(const Trace& trace, const Code*, const CompileOptions& options,
                                const char** why) override {
    std::vector<IrRef> list;
    for (IrRef r = 1; r < trace.size(); ++r) {
      if (!leaves(trace, trace.ins[r])) continue;
      exit_values(trace, r, &list);
      if (list.size() <= kSpillSlots) continue;
      *why = "too many live values at an exit";
      return nullptr;
    }
    return std::make_unique<IrCode>(trace, options);
  }
};

}  // namespace

std::unique_ptr<Backend> new_ir_interpreter() { return std::make_unique<IrInterpreter>(); }

}  // namespace pystm::jit
