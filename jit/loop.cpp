// Closing a loop by copy-substitution (after LuaJIT's lj_opt_loop, Pall 2009): the recorded
// iteration is emitted once more, each operand replaced by what it is one iteration later, through
// the same folding. What does not vary falls together with the first copy, the preamble; the rest
// is the body.
//
// Why facts carry over: inside the body a preamble value v means "v of the iteration before". A
// copy folds with what the preamble proved of v, and the same is proved of v in each iteration by
// its own copy; so by induction the body is right for every iteration, not only for the second.
//
// Variables: a preamble value that the body uses and that is not its own substitute is a variable
// of the loop (Phi), and takes the value of its substitute at the back edge.
#include "base/assert.h"
#include "jit/emit.h"

namespace pystm::jit {

static constexpr unsigned kHoisted = 3;

// A recorded snapshot, one iteration later: what it lists, over what the first iteration changed.
uint32_t Emitter::copy_snapshot() {
  if (!snap_fresh_) {
    const Snapshot from = source_->snapshots[source_snap_];
    frame_ = copy_frame(from.frame);
    pc_ = from.pc;
    std::vector<Register> saved = regs_;
    for (const SnapSlot& s : source_->slots(from)) reg(s.slot) = {substituted(s.ref), true};
    Snapshot s{static_cast<uint32_t>(trace_.snap_slots.size()), 0, frame_, pc_};
    add_snap_slots(s);
    trace_.snapshots.push_back(s);
    regs_ = std::move(saved);
    snap_fresh_ = true;
  }
  return static_cast<uint32_t>(trace_.snapshots.size() - 1);
}

// The frame with its references substituted: the same row, if they do not vary.
uint16_t Emitter::copy_frame(uint16_t number) {
  if (number == 0) return 0;
  Frame f = source_->frames[number];
  f.parent = copy_frame(f.parent);
  f.function = substituted(f.function);
  f.init_self = substituted(f.init_self);
  f.generator = substituted(f.generator);
  f.object = substituted(f.object);
  for (size_t k = 1; k < trace_.frames.size(); ++k)
    if (trace_.frames[k] == f) return static_cast<uint16_t>(k);
  trace_.frames.push_back(f);
  return static_cast<uint16_t>(trace_.frames.size() - 1);
}

// A word that is unboxed by now is boxed before the New into which it is stored.
void Emitter::box_initial_values(const Trace& from, IrRef object) {
  for (IrRef r = static_cast<IrRef>(object + 1); r < from.size(); ++r) {
    const Ins i = from.ins[r];  // by value: boxing may grow the trace that is copied
    if ((i.op != Ir::StoreField && i.op != Ir::StoreItem) || i.a != object) break;
    const IrRef v = i.op == Ir::StoreItem ? i.c : i.b;
    if (is_const(v) || Field(i.aux).memory() != Memory::kWord) continue;
    const IrRef boxed = box(subst_[v]);
    subst_[v] = boxed;
  }
}

// Emits instruction r of `from`, substituted.
void Emitter::copy_ins(const Trace& from, IrRef r) {
  Ins i = from.ins[r];
  if (has_snapshot(from, i) && (!snap_fresh_ || source_snap_ != i.aux)) {
    source_snap_ = i.aux;
    snap_fresh_ = false;
  }
  const uint32_t aux = info_of(i.op).aux == Aux::Snap ? 0 : i.aux;
  if (i.op == Ir::New) box_initial_values(from, r);
  if (i.op == Ir::Call) {
    const auto first = static_cast<IrRef>(trace_.args.size());
    for (unsigned k = 0; k < i.b; ++k) trace_.args.push_back(substituted(from.args[i.a + k]));
    const uint16_t row = trace_.call_row(&from.call_info(i));
    subst_[r] = emit(Ir::Call, first, i.b, row, 0, i.type);
    return;
  }
  const OpInfo& info = info_of(i.op);
  if (is_value(info.operands[0])) i.a = substituted(i.a);
  if (is_value(info.operands[1])) i.b = substituted(i.b);
  if (is_value(info.operands[2])) i.c = substituted(i.c);
  subst_[r] = emit(i.op, i.a, i.b, i.c, aux, i.type, i.flags);
}

bool Emitter::peel(IrRef end) {
  const size_t snapshots = trace_.snapshots.size(), slots = trace_.snap_slots.size();
  const size_t args = trace_.args.size();
  if (options_.abc)  // places for what moves before the loop (abc.cpp)
    for (unsigned k = 0; k < kHoisted; ++k) append({});
  trace_.set_loop(append({.op = Ir::Loop}));
  in_loop_ = true;
  if (copy_body(end)) {
    add_phis(end);
    trace_.link = LinkKind::kLoop;
    return true;
  }
  trace_.ins.resize(end);
  trace_.snapshots.resize(snapshots);
  trace_.snap_slots.resize(slots);
  trace_.args.resize(args);
  trace_.set_loop(kNoRef);
  return false;
}

bool Emitter::copy_body(IrRef end) {
  subst_.assign(end, kNoRef);
  source_ = &trace_;
  snap_fresh_ = false;
  for (IrRef r = 1; r < end && !impossible_; ++r) {
    const Ins& i = trace_.ins[r];
    if (i.op == Ir::Nop) continue;
    if (i.op == Ir::SLoad) {
      const Register now = reg(static_cast<int>(i.aux));
      subst_[r] = now.modified ? now.ref : r;
    } else {
      copy_ins(trace_, r);
    }
  }
  source_ = nullptr;
  return !impossible_;
}

// Every variant preamble value that the body, its snapshots or a variable's next value needs.
void Emitter::add_phis(IrRef end) {
  std::vector<IrRef> variables;
  std::vector<bool> seen(end);
  const auto use = [&](IrRef r) {
    if (r == 0 || is_const(r) || r >= end || seen[r]) return;
    seen[r] = true;
    if (subst_[r] != r) variables.push_back(r);
  };
  for (IrRef r = trace_.loop(); r < trace_.size(); ++r) {
    const Ins& i = trace_.ins[r];
    each_operand(trace_, i, use);
    if (has_snapshot(trace_, i)) each_snapshot_ref(trace_, trace_.snapshots[i.aux], use);
  }
  std::vector<Ins> phis;
  for (size_t k = 0; k < variables.size(); ++k) {
    const IrRef left = variables[k];
    IrRef right = subst_[left];
    use(right);
    const Type want = trace_.type(left);
    if (want == Type::Word) {
      right = box(right);
      use(right);  // the box may be a word that the preamble has loaded, and vary
    }
    DCHECK(trace_.type(right) == want || want == Type::Word);
    phis.push_back({.op = Ir::Phi, .type = Type::None, .a = left, .b = right});
  }
  for (const Ins& phi : phis) append(phi);
}

}  // namespace pystm::jit
