#include "jit/emit.h"

#include "base/assert.h"
#include "jit/runtime.h"
#include "vm/bytecode/code.h"

namespace pystm::jit {

Emitter::Emitter(Trace& trace, const OptOptions& options) : trace_(trace), options_(options) {
  facts_.resize(trace.size());
}

void Emitter::begin_root(vm::Code* code, uint32_t pc) {
  trace_.frames[0].code = code == nullptr ? kNoRef : trace_.ref_const(code);
  trace_.entry_pc = pc;
  at(pc);
}

// --- frames and registers ------------------------------------------------------------------------

Emitter::Register& Emitter::reg(int slot) {
  DCHECK(slot >= 0);
  if (static_cast<size_t>(slot) >= regs_.size()) regs_.resize(static_cast<size_t>(slot) + 16);
  return regs_[static_cast<size_t>(slot)];
}

void Emitter::apply_pending() {
  for (const Pending& p : pending_) reg(p.slot) = {p.ref, true};
  pending_.clear();
}

void Emitter::at(uint32_t pc) {
  apply_pending();
  pc_ = pc;
  snap_fresh_ = false;
  if (!doubtful_) return;
  doubtful_ = false;
  emit(Ir::GuardValid);
}

IrRef Emitter::slot(int r) {
  const int slot = frame().base + r;
  for (size_t k = pending_.size(); k-- > 0;)
    if (pending_[k].slot == slot) return pending_[k].ref;
  Register& place = reg(slot);
  if (place.ref == 0)
    place.ref =
        append_or_find({.op = Ir::SLoad, .type = Type::Word, .aux = static_cast<uint32_t>(slot)});
  return place.ref;
}

void Emitter::set_slot(int r, IrRef v) { pending_.push_back({frame().base + r, v}); }

void Emitter::push_frame(Frame callee, int window) {
  apply_pending();
  callee.parent = frame_;
  callee.parent_pc = pc_;
  callee.base = frame().base + window;
  enter_frame(callee);
}

void Emitter::set_frame_object(IrRef object) {
  Frame changed = frame();
  changed.object = object;
  enter_frame(changed);
}

void Emitter::enter_frame(const Frame& f) {
  frame_ = static_cast<uint16_t>(trace_.frames.size());
  for (size_t k = 1; k < trace_.frames.size(); ++k)  // a call in a loop: the same row again
    if (trace_.frames[k] == f) frame_ = static_cast<uint16_t>(k);
  if (frame_ == trace_.frames.size()) trace_.frames.push_back(f);
  snap_fresh_ = false;
}

void Emitter::pop_frame() {
  DCHECK(frame_ != 0);
  apply_pending();
  for (size_t s = static_cast<size_t>(frame().base); s < regs_.size(); ++s) regs_[s] = {};
  pc_ = frame().parent_pc;
  frame_ = frame().parent;
  snap_fresh_ = false;
}

bool Emitter::has_frame_objects() const {
  for (uint16_t f = frame_; f != 0; f = trace_.frames[f].parent)
    if (trace_.frames[f].object != kNoRef) return true;
  return false;
}

void Emitter::guard_raised(IrRef result, IrRef mark, uint32_t next) {
  const uint32_t pc = pc_;
  std::vector<std::pair<int32_t, Register>> before;
  for (const Pending& p : pending_) before.push_back({p.slot, reg(p.slot)});
  at(next);
  guard_is(result, mark);
  for (const auto& [slot, old] : before) reg(slot) = old;
  at(pc);
}

unsigned Emitter::depth() const {
  unsigned n = 0;
  for (uint16_t f = frame_; f != 0; f = trace_.frames[f].parent) ++n;
  return n;
}

// --- snapshots -----------------------------------------------------------------------------------

// Does the interpreter look at this register when it goes on at pc_?
bool Emitter::is_live(int slot) const {
  uint16_t f = frame_;
  uint32_t pc = pc_;
  while (trace_.frames[f].base > slot) {
    if (f == 0) return true;
    pc = trace_.frames[f].parent_pc;
    f = trace_.frames[f].parent;
  }
  const Frame& owner = trace_.frames[f];
  if (owner.code == 0) return true;
  const auto* code = reinterpret_cast<const vm::Code*>(trace_.bits(owner.code));
  return static_cast<unsigned>(slot - owner.base) < vm::live_registers(*code->data, pc);
}

void Emitter::add_snap_slots(Snapshot& s) {
  for (size_t slot = 0; slot < regs_.size(); ++slot) {
    if (!regs_[slot].modified || !is_live(static_cast<int>(slot))) continue;
    trace_.snap_slots.push_back({static_cast<int16_t>(slot), regs_[slot].ref});
    ++s.count;
  }
}

uint32_t Emitter::snapshot() {
  if (source_ != nullptr) return copy_snapshot();
  if (!snap_fresh_) {
    Snapshot s{static_cast<uint32_t>(trace_.snap_slots.size()), 0, frame_, pc_};
    add_snap_slots(s);
    trace_.snapshots.push_back(s);
    snap_fresh_ = true;
  }
  return static_cast<uint32_t>(trace_.snapshots.size() - 1);
}

// --- facts ---------------------------------------------------------------------------------------

Fact Emitter::fact(IrRef r) const {
  if (!is_const(r)) return facts_[r];
  Fact f;
  if (trace_.type(r) == Type::I64) f.range = Range::of(static_cast<int64_t>(trace_.bits(r)));
  return f;
}
Range Emitter::range(IrRef r) const { return fact(r).range; }

void Emitter::narrow(IrRef r, Range range) {
  if (!is_const(r)) facts_[r].range = facts_[r].range.intersect(range);
}

bool Emitter::is_int_const(IrRef r, int64_t* k) const {
  if (!is_const(r) || trace_.type(r) != Type::I64) return false;
  *k = static_cast<int64_t>(trace_.bits(r));
  return true;
}
bool Emitter::is_float_const(IrRef r, double* d) const {
  if (!is_const(r) || trace_.type(r) != Type::F64) return false;
  *d = std::bit_cast<double>(trace_.bits(r));
  return true;
}

// --- emitting ------------------------------------------------------------------------------------

IrRef Emitter::contradiction() {
  impossible_ = true;
  return kNoRef;
}

IrRef Emitter::append(const Ins& i) {
  Ins n = i;
  if (has_snapshot(trace_, n)) n.aux = snapshot();
  const IrRef r = trace_.size();
  n.prev = chains_[static_cast<unsigned>(n.op)];
  chains_[static_cast<unsigned>(n.op)] = r;
  trace_.ins.push_back(n);
  facts_.emplace_back();
  if (effects(trace_, n) & kCollects) safepoint_ = r;
  return r;
}

// An equal instruction cannot stand above its operands.
IrRef Emitter::find_equal(const Ins& i) const {
  const auto floor = [](IrRef r) { return is_const(r) ? kNoRef : r; };
  const IrRef limit = std::max(
      {floor(i.a), floor(i.b), info_of(i.op).operands[2] == Operand::Cond ? kNoRef : floor(i.c)});
  const bool by_aux = info_of(i.op).aux != Aux::Snap;
  for (IrRef r = chains_[static_cast<unsigned>(i.op)]; r > limit; r = trace_.ins[r].prev) {
    const Ins& o = trace_.ins[r];
    if (o.a == i.a && o.b == i.b && o.c == i.c && (!by_aux || o.aux == i.aux)) return r;
  }
  return kNoRef;
}

IrRef Emitter::append_or_find(const Ins& i) {
  if (options_.cse) {
    if (const IrRef r = find_equal(i); r != kNoRef) return r;
  }
  return append(i);
}

IrRef Emitter::box(IrRef v) {
  switch (trace_.type(v)) {
    case Type::I64:
      return emit(Ir::BoxInt, v);
    case Type::F64:
      return emit(Ir::BoxFloat, v);
    case Type::Bool:
      return emit(Ir::BoxBool, v);
    default:
      return v;
  }
}

IrRef Emitter::as(Operand kind, IrRef r) {
  if (options_.fold && !is_const(r) && facts_[r].equal != 0) r = facts_[r].equal;
  if (kind == Operand::Word) return box(r);
  if (kind == Operand::I64 && options_.range && !is_const(r) && range(r).is_constant())
    return trace_.int_const(range(r).lo);
  return r;
}

void Emitter::coerce(Ins& i) {
  if (i.op == Ir::Call) {
    const CallInfo& info = trace_.call_info(i);
    for (unsigned k = 0; k < i.b; ++k) {
      const bool word = info.args[k] == Type::Word;
      const IrRef v = as(word ? Operand::Word : Operand::Any, trace_.args[i.a + k]);
      trace_.args[i.a + k] = v;  // not by reference: boxing does not touch args, but may grow ins
    }
    return;
  }
  const OpInfo& info = info_of(i.op);
  IrRef* const refs[] = {&i.a, &i.b, &i.c};
  for (unsigned k = 0; k < 3; ++k)
    if (is_value(info.operands[k]) && *refs[k] != 0) *refs[k] = as(info.operands[k], *refs[k]);
  if (i.op == Ir::StoreField && Field(i.aux).memory() == Memory::kWord) i.b = box(i.b);
  if (i.op == Ir::StoreItem && Array(i.aux).memory() == Memory::kWord) i.c = box(i.c);
}

IrRef Emitter::emit(Ir op, IrRef a, IrRef b, IrRef c, uint32_t aux, Type type, uint16_t flags) {
  if (impossible_) return kNoRef;
  const OpInfo& info = info_of(op);
  Ins i{.op = op,
        .type = info.result == Type::Any ? type : info.result,
        .a = a,
        .b = b,
        .c = c,
        .aux = aux};
  i.flags = flags & kHasVlock;  // the rest is found out anew
  coerce(i);
  if (impossible_) return kNoRef;
  if (options_.fold) {
    bool done = false;
    const IrRef r = fold(i, &done);
    if (done || impossible_) return r;
  }
  const uint16_t e = effects(trace_, i);
  if (e & (kLoad | kStore | kBarrier | kAllocates | kCall)) return memory(i);
  const IrRef r = e & kPure ? append_or_find(i) : append(i);
  learn(trace_.ins[r], r);
  return r;
}

IrRef Emitter::call(const CallInfo& info, std::span<const IrRef> args) {
  if (impossible_) return kNoRef;
  DCHECK(args.size() == info.arity);
  const auto first = static_cast<IrRef>(trace_.args.size());
  trace_.args.insert(trace_.args.end(), args.begin(), args.end());
  return emit(Ir::Call, first, static_cast<IrRef>(args.size()), trace_.call_row(&info), 0,
              info.result);
}

IrRef Emitter::make(ShapeId shape, size_t bytes, bool has_vlock) {
  return emit(Ir::New, trace_.int_const(shape), 0, 0, static_cast<uint32_t>(bytes), Type::None,
              has_vlock ? kHasVlock : 0);
}

void Emitter::guard_int(Cond c, IrRef a, IrRef b, bool taken) {
  emit(Ir::GuardI, a, b, static_cast<IrRef>(taken ? c : negated(c)));
}
void Emitter::guard_float(Cond c, IrRef a, IrRef b, bool taken) {
  emit(Ir::GuardF, a, b, static_cast<IrRef>(taken ? c : negated_float(c)));
}

// --- the end -------------------------------------------------------------------------------------

void Emitter::finish_exit() { append({.op = Ir::Exit}); }

void Emitter::finish_jump(const Trace& target) {
  leave_window();
  append({.op = Ir::Jump, .aux = static_cast<uint32_t>(frame().base)});
  trace_.target = &target;
  trace_.link = LinkKind::kTrace;
}

void Emitter::finish_jump_self() {
  DCHECK(frame_ == 0);
  leave_window();
  append({.op = Ir::Jump});
  trace_.link = LinkKind::kSelf;
}

void Emitter::finish_return(IrRef v, vm::OnReturn how) {
  const IrRef word = box(v);
  append({.op = Ir::Return, .a = word, .c = static_cast<IrRef>(how)});
}

void Emitter::finish_switch(const CallInfo& info, std::vector<IrRef> args) {
  for (size_t k = 0; k < args.size(); ++k)
    if (info.args[k] == Type::Word) args[k] = box(args[k]);
  leave_window();
  const IrRef done = call(info, args);
  append({.op = Ir::Switch, .a = done});
}

// What the trace holds of the VM stack goes there: registers of all frames, and the inlined frames.
void Emitter::leave_window() {
  apply_pending();
  std::vector<const Frame*> inlined;  // innermost first
  for (uint16_t f = frame_; f != 0; f = trace_.frames[f].parent)
    inlined.push_back(&trace_.frames[f]);
  if (!inlined.empty())
    append({.op = Ir::CheckRoom,
            .a = static_cast<IrRef>(frame().base),
            .b = static_cast<IrRef>(inlined.size())});
  // All boxes first: a box may be a safepoint, and none may lie between the stores.
  std::vector<Pending> stores;
  for (size_t slot = 0; slot < regs_.size(); ++slot)
    if (regs_[slot].modified && is_live(static_cast<int>(slot)))
      stores.push_back({static_cast<int32_t>(slot), box(regs_[slot].ref)});
  for (size_t k = inlined.size(); k-- > 0;) {
    const Frame& f = *inlined[k];
    const FrameShape shape{static_cast<uint32_t>(f.base - trace_.frames[f.parent].base),
                           f.parent_pc, f.result, f.on_return, kind_of(f)};
    const IrRef self = kind_of(f) == FrameKind::kGenerator ? f.generator : f.init_self;
    call(kCallPushFrame, {f.code, f.function, self == kNoRef ? trace_.word_const(Value()) : self,
                          trace_.int_const(shape.packed()), trace_.int_const(shape.parent_pc)});
  }
  for (const Pending& s : stores)
    append({.op = Ir::SStore, .a = s.ref, .aux = static_cast<uint32_t>(s.slot)});
}

bool Emitter::finish_loop(unsigned poll_weight) {
  apply_pending();
  emit(Ir::TxPoll, static_cast<IrRef>(poll_weight));
  if (impossible_) return false;
  if (options_.loop) return peel(trace_.size());
  finish_jump_self();
  return true;
}

}  // namespace pystm::jit
