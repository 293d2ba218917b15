#include "jit/verify.h"

#include <algorithm>
#include <set>

#include "vm/object/shape.h"

namespace pystm::jit {

namespace {

class Verifier {
 public:
  explicit Verifier(const Trace& t)
      : t_(t), defined_(t.size()), owner_(t.size()), ours_(t.size()) {}

  std::string run() {
    for (IrRef r = 1; r < t_.size(); ++r) {
      at_ = r;
      const Ins& i = t_.ins[r];
      if (i.op == Ir::Nop) continue;
      operands(i);
      types(i);
      if (has_snapshot(t_, i)) snapshot(i);
      if (i.op == Ir::Phi) phi(i);
      structure(i);
      initialisation(i);
      barriers(i);
      defined_[r] = i.type != Type::None;
    }
    return std::move(faults_);
  }

 private:
  const Trace& t_;
  std::vector<bool> defined_;
  std::vector<IrRef> owner_;  // of a load whose group is open: the guarding object
  std::vector<bool> ours_;
  std::set<IrRef> our_constants_;
  std::vector<IrRef> open_;  // objects with open groups
  IrRef at_ = 0;
  IrRef new_ = 0;            // object being initialised
  uint64_t words_left_ = 0;  // its words not stored yet, a bit each
  bool ended_ = false;
  std::string faults_;

  void fault(const std::string& what) { faults_ += "fault: " + what + ": " + print_ins(t_, at_); }

  // --- SSA, types --------------------------------------------------------------------------------
  void operands(const Ins& i) {
    each_operand(t_, i, [&](IrRef r) {
      if (is_const(r)) {
        if (r - kFirstConst >= static_cast<int>(t_.consts.size())) fault("no such constant");
      } else if (r >= t_.size() || !defined_[r]) {
        fault("operand is not defined above");
      }
    });
  }
  static bool fits(Operand want, Type have) {
    switch (want) {
      case Operand::I64:
        return have == Type::I64;
      case Operand::F64:
        return have == Type::F64;
      case Operand::Bool:
        return have == Type::Bool;
      case Operand::Ref:
      case Operand::Owner:
        return have == Type::Ref;
      case Operand::Word:
        return have == Type::Word || have == Type::Ref;
      case Operand::Ptr:
        return have == Type::Ptr || have == Type::Ref;
      case Operand::Any:
        return have != Type::None;
      default:
        return true;
    }
  }
  static bool fits(Type want, Type have) {
    return want == have || (want == Type::Word && have == Type::Ref);
  }
  Type type_of(IrRef r) const { return is_const(r) || r < t_.size() ? t_.type(r) : Type::None; }
  void types(const Ins& i) {
    const OpInfo& info = info_of(i.op);
    if (info.result != Type::Any && info.result != i.type) fault("wrong result type");
    if (i.op == Ir::Call) {
      const CallInfo& c = t_.call_info(i);
      if (i.b != c.arity) return fault("wrong number of arguments");
      for (unsigned k = 0; k < i.b; ++k)
        if (!fits(c.args[k], type_of(t_.call_args(i)[k]))) fault("argument of the wrong type");
      return;
    }
    const IrRef refs[] = {i.a, i.b, i.c};
    for (unsigned k = 0; k < 3; ++k) {
      const Operand want = info.operands[k];
      if (!is_value(want)) continue;
      if (refs[k] == 0 && want != Operand::Owner)
        fault("operand missing");
      else if (refs[k] != 0 && !fits(want, type_of(refs[k])))
        fault("operand of the wrong type");
    }
    if (i.op == Ir::StoreField) stored(Field(i.aux), i.b);
    if (i.op == Ir::StoreItem) stored(Array(i.aux), i.c);
    if (i.op == Ir::LoadField || i.op == Ir::LoadItem)
      if (i.type != loaded_type(Field(i.aux).memory())) fault("load of the wrong type");
  }
  void stored(Field f, IrRef v) {
    if (!fits(loaded_type(f.memory()), type_of(v))) fault("store of the wrong type");
  }

  void phi(const Ins& i) {
    if (t_.loop() == 0 || at_ < t_.loop()) return fault("phi outside of a loop");
    if (is_const(i.a) || i.a >= t_.loop()) fault("phi of what the preamble does not define");
    if (!fits(type_of(i.a), type_of(i.b))) fault("phi of two types");
  }
  void structure(const Ins& i) {
    if (ended_ && i.op != Ir::Phi) fault("after the end");
    if (i.op == Ir::Exit || i.op == Ir::Jump || i.op == Ir::Return || i.op == Ir::Switch)
      ended_ = true;
  }

  // --- snapshots ---------------------------------------------------------------------------------
  void snapshot(const Ins& i) {
    if (i.aux >= t_.snapshots.size()) return fault("no such snapshot");
    const Snapshot& s = t_.snapshots[i.aux];
    if (s.frame >= t_.frames.size()) return fault("no such frame");
    int last = -1;
    for (const SnapSlot& slot : t_.slots(s)) {
      if (slot.slot <= last) fault("registers of the snapshot out of order");
      last = slot.slot;
    }
    each_snapshot_ref(t_, s, [&](IrRef r) {
      if (is_const(r)) return;
      if (r >= t_.size() || !defined_[r]) return fault("snapshot of what is not defined above");
      if (owner_[r] != 0) fault("snapshot of an unchecked value");
    });
  }

  // --- new objects -------------------------------------------------------------------------------
  void initialisation(const Ins& i) {
    if (words_left_ != 0) {
      const bool item = i.op == Ir::StoreItem && i.a == new_ && is_const(i.b);
      if (item || (i.op == Ir::StoreField && i.a == new_)) {
        const Word k = item ? t_.bits(i.b) : 0;
        words_left_ &= ~(uint64_t{1} << (Field(i.aux).offset() / 8 + k));
      } else {
        fault("the object made last is not initialised yet");
        words_left_ = 0;
      }
    }
    if (i.op != Ir::New) return;
    if (!is_const(i.a)) return fault("shape is not constant");
    new_ = at_;
    const uint64_t all = i.aux >= 512 ? ~uint64_t{0} : (uint64_t{1} << (i.aux / 8)) - 1;
    words_left_ = all & ~uint64_t{i.has(kHasVlock) ? 3u : 1u};
  }

  // --- barriers ----------------------------------------------------------------------------------
  bool is_ours(IrRef r) const { return is_const(r) ? our_constants_.contains(r) : ours_[r]; }
  void take(IrRef r) {
    if (is_const(r))
      our_constants_.insert(r);
    else
      ours_[r] = true;
  }
  void use(IrRef r) {
    if (r != 0 && !is_const(r) && owner_[r] != 0) fault("use of an unchecked value");
  }
  void open(IrRef r, IrRef owner) {
    if (is_ours(owner)) return;
    if (r != 0) owner_[r] = owner;
    open_.push_back(owner);
  }
  void close(IrRef owner) {
    for (IrRef r = 1; r < at_; ++r)
      if (owner_[r] == owner) owner_[r] = 0;
    std::erase(open_, owner);
  }

  void load(const Ins& i) {
    const Field f(i.aux);
    const bool owned = f.guarded() == Guarded::kOwner;
    const IrRef owner = i.c != 0 ? i.c : i.a;
    // Storage may be looked into before the check of its owner: its own length is immutable.
    const bool same_group = !is_const(i.a) && owner_[i.a] == owner;
    if (!same_group && !(i.c != 0 && !is_const(i.a) && owner_[i.a] == i.c)) use(i.a);
    if (i.op == Ir::LoadItem && !is_const(i.b) && owner_[i.b] != 0 && owner_[i.b] != owner)
      use(i.b);
    if (f.guarded() == Guarded::kSelf || owned) {
      if (owned && i.c == 0 && !is_ours(i.a))
        fault("storage without an owner");
      else
        open(at_, owner);
    } else if (same_group) {
      owner_[at_] = owner;  // final, but reached through an unchecked reference
    }
  }
  void store(const Ins& i) {
    each_operand(t_, i, [&](IrRef r) { use(r); });
    const Field f(i.aux);
    if (f.guarded() == Guarded::kSelf && !is_ours(i.a)) fault("store without Acquire");
    if (f.guarded() == Guarded::kFinal && !is_ours(i.a)) fault("store into a final field");
    if (f.guarded() == Guarded::kOwner && !is_ours(i.a) && !undo_saved(i))
      fault("store without UndoItem");
  }
  bool undo_saved(const Ins& i) const {
    for (IrRef r = at_; --r > 0;) {
      const Ins& u = t_.ins[r];
      if (u.op == Ir::UndoItem && u.a == i.a && u.b == i.b) return true;
    }
    return false;
  }

  void barriers(const Ins& i) {
    switch (i.op) {
      case Ir::LoadField:
      case Ir::LoadItem:
        return load(i);
      case Ir::GuardShape:
        if (!is_const(i.b)) fault("shape is not constant");
        use(i.a);
        // Inherited from a parent that was left before its check: who relies on it checks again.
        if (shape_is_versioned(static_cast<ShapeId>(t_.bits(i.b))) && !i.has(kAssumed))
          open(0, i.a);
        return;
      case Ir::CheckInt:
      case Ir::CheckFloat:
      case Ir::CheckRef:
        owner_[at_] = is_const(i.a) ? kNoRef : owner_[i.a];
        return;
      case Ir::GuardIs:
      case Ir::GuardIsNot:
      case Ir::GuardI:
        return;  // a guard that fails on dirty data leaves before any use
      case Ir::ReadCheck:
      case Ir::ItemCheck:
        return close(i.a);
      case Ir::Acquire:
        if (i.has(kCloses)) close(i.a);
        if (std::find(open_.begin(), open_.end(), i.a) != open_.end())
          fault("Acquire of an object with unchecked loads");
        take(i.a);
        return;
      case Ir::ItemAcquire:
        take(i.a);
        return;
      case Ir::UndoItem:
        if (i.c != 0 && !is_ours(i.c) && !is_const(i.c)) fault("UndoItem without Acquire");
        return;
      case Ir::New:
        ours_[at_] = true;
        return;
      case Ir::StoreField:
      case Ir::StoreItem:
        return store(i);
      case Ir::SetShape:
        if (!is_ours(i.a)) fault("shape change without Acquire");
        return;
      case Ir::Exit:  // in the middle of an instruction that could not be recorded: nothing used
                      // them
        open_.clear();
        return;
      case Ir::TxPoll:
      case Ir::Jump:
      case Ir::Switch:
      case Ir::Loop:
        if (!open_.empty()) fault("unchecked loads at the end of an iteration");
        open_.clear();
        return;
      default:
        each_operand(t_, i, [&](IrRef r) { use(r); });
    }
  }
};

}  // namespace

std::string verify(const Trace& trace) { return Verifier(trace).run(); }

}  // namespace pystm::jit
