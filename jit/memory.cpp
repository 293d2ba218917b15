// Loads, stores, allocation, calls and barriers while emitting: forwarding by descriptor, and what
// the transaction already holds.
//
// Between two instructions of a trace no transaction ends (leaving by TxPoll ends it, and comes
// back through the entry), so a value once loaded and checked stays right until this trace itself
// writes the field.
#include "jit/emit.h"
#include "vm/object/shape.h"

namespace pystm::jit {

namespace {
// Shapes of layouts that do not change under an object; instances and what follows may change.
bool is_fixed_shape(uint32_t id) { return id <= static_cast<ShapeId>(vm::Kind::kInstance); }
}  // namespace

IrRef Emitter::memory(Ins& i) {
  const uint16_t e = info_of(i.op).effects;
  if (i.op == Ir::Call) return call_memory(i);
  if (e & kBarrier) return barrier(i);
  if (e & kStore) return store_memory(i);
  if (i.op == Ir::New) {
    const IrRef r = append(i);
    facts_[r].ours = true;
    facts_[r].shape = static_cast<uint32_t>(trace_.bits(i.a));
    facts_[r].shape_at = r;
    return r;
  }
  return load_memory(i);
}

// --- loads ---------------------------------------------------------------------------------------

void Emitter::open_group(IrRef owner) {
  if (!is_const(owner) && !(options_.barrier && facts_[owner].ours)) facts_[owner].open = true;
}

IrRef Emitter::load_memory(Ins& i) {
  if (i.op == Ir::GuardShape) {
    const auto shape = static_cast<uint32_t>(trace_.bits(i.b));
    if (!is_const(i.a) && options_.cse) {
      const Fact& f = facts_[i.a];
      if (f.shape != 0 && (is_fixed_shape(f.shape) || f.shape_at > shapes_changed_))
        return f.shape == shape ? kNoRef : contradiction();
    }
    const IrRef r = append(i);
    if (!is_const(i.a)) {
      facts_[i.a].shape = shape;
      facts_[i.a].shape_at = r;
      if (shape_is_versioned(shape)) open_group(i.a);
    }
    return r;
  }
  if (i.op != Ir::LoadField && i.op != Ir::LoadItem) return append(i);
  if (options_.fwd) {
    if (const IrRef r = forwarded(i); r != kNoRef) return r;
  }
  const IrRef r = append(i);
  const Guarded g = Field(i.aux).guarded();
  if (g == Guarded::kSelf) open_group(i.a);
  if (g == Guarded::kOwner && i.c != 0) open_group(i.c);
  learn(trace_.ins[r], r);
  return r;
}

bool Emitter::may_alias(IrRef a, IrRef b) const {
  if (a == b) return true;
  if (is_const(a) && is_const(b)) return false;  // constants are made once each
  const Ins *da = def(a), *db = def(b);
  const bool new_a = da != nullptr && da->op == Ir::New, new_b = db != nullptr && db->op == Ir::New;
  if (new_a && new_b) return false;
  // What was there before an object was made is not it.
  if (new_a && (is_const(b) || b < a)) return false;
  if (new_b && (is_const(a) || a < b)) return false;
  const Fact fa = fact(a), fb = fact(b);
  return fa.shape == 0 || fb.shape == 0 || fa.shape == fb.shape || !is_fixed_shape(fa.shape) ||
         !is_fixed_shape(fb.shape);
}

bool Emitter::may_alias_items(const Ins& store, const Ins& load) const {
  if (store.b == load.b) return true;
  if (is_const(store.b) && is_const(load.b)) return false;
  // x + k and x + m, or x and x + k. Constants added: Sub of one is Add.
  const auto split = [&](IrRef r, int64_t* k) {
    *k = 0;
    const Ins* d = def(r);
    if (d == nullptr || (d->op != Ir::Add && d->op != Ir::AddOv) || !is_int_const(d->b, k))
      return r;
    return d->a;
  };
  int64_t ks, kl;
  if (split(store.b, &ks) == split(load.b, &kl) && ks != kl) return false;
  const Range rs = range(store.b), rl = range(load.b);
  return rs.lo <= rl.hi && rl.lo <= rs.hi;
}

// The value that the load would give, from an earlier access of the same place.
IrRef Emitter::forwarded(const Ins& i) const {
  const Field f(i.aux);
  const bool item = i.op == Ir::LoadItem;
  const Guarded g = f.guarded();
  IrRef limit = g == Guarded::kFinal ? kNoRef : clobbered_[static_cast<unsigned>(f.alias())];
  const Ir store_op = item ? Ir::StoreItem : Ir::StoreField;
  for (IrRef r = chains_[static_cast<unsigned>(store_op)]; r > limit; r = trace_.ins[r].prev) {
    const Ins& s = trace_.ins[r];
    if (s.aux != i.aux || !may_alias(s.a, i.a)) continue;
    if (item && !may_alias_items(s, i)) continue;
    if (s.a == i.a && (!item || s.b == i.b)) {
      if (memory_bytes(f.memory()) == 8) return item ? s.c : s.b;
    }
    limit = r;  // an older load is stale
    break;
  }
  for (IrRef r = chains_[static_cast<unsigned>(i.op)]; r > limit; r = trace_.ins[r].prev) {
    const Ins& l = trace_.ins[r];
    if (l.aux == i.aux && l.a == i.a && (!item || l.b == i.b)) return r;
  }
  return kNoRef;
}

// --- stores --------------------------------------------------------------------------------------

IrRef Emitter::store_memory(Ins& i) {
  const bool initial = !is_const(i.a) && trace_.ins[i.a].op == Ir::New && i.a >= safepoint_;
  if (i.op == Ir::SetShape) {
    if (initial) i.flags |= kInitStore;
    const IrRef r = append(i);
    shapes_changed_ = r;
    if (!is_const(i.a)) {
      facts_[i.a].shape = static_cast<uint32_t>(trace_.bits(i.b));
      facts_[i.a].shape_at = static_cast<uint16_t>(r + 1);  // known from here on
    }
    return r;
  }
  if (initial) i.flags |= kInitStore | kNoGcBarrier;
  const IrRef value = i.op == Ir::StoreItem ? i.c : i.b;
  const Memory m = Field(i.aux).memory();
  if ((m != Memory::kWord && m != Memory::kRef) || never_a_pointer(value)) i.flags |= kNoGcBarrier;
  return append(i);
}

// By its origin, no reference to a heap object that may be young.
bool Emitter::never_a_pointer(IrRef r) const {
  if (is_const(r)) return !Value(trace_.bits(r)).is_object();
  const Ir op = trace_.ins[r].op;
  return op == Ir::TagInt || op == Ir::BoxBool;
}

// --- barriers ------------------------------------------------------------------------------------

IrRef Emitter::barrier(Ins& i) {
  if (i.op == Ir::ReadCheck || i.op == Ir::Acquire) {
    Fact* f = is_const(i.a) ? nullptr : &facts_[i.a];
    if (i.op == Ir::Acquire) {
      if (f != nullptr && f->ours && options_.barrier) return kNoRef;
      if (f != nullptr && f->open) emit(Ir::ReadCheck, i.a);  // its loads came before
      const IrRef r = append(i);
      if (f != nullptr) facts_[i.a].ours = true;
      return r;
    }
    if (f != nullptr && options_.barrier) {
      if (f->ours || !f->open) return kNoRef;
      if (f->logged) i.flags |= kNoLog;
    }
    const IrRef r = append(i);
    if (f != nullptr) {
      facts_[i.a].open = false;
      facts_[i.a].logged = true;
    }
    return r;
  }
  if (i.op == Ir::UndoItem) {
    if (options_.barrier) {
      if (!is_const(i.a) && trace_.ins[i.a].op == Ir::New) return kNoRef;
      if (find_equal(i) != kNoRef) return kNoRef;
    }
  } else if (options_.barrier && (i.op == Ir::ItemAcquire || i.op == Ir::Inevitable) &&
             find_equal(i) != kNoRef) {
    return kNoRef;
  }
  return append(i);
}

// --- calls ---------------------------------------------------------------------------------------

IrRef Emitter::call_memory(Ins& i) {
  const CallInfo& info = trace_.call_info(i);
  const IrRef r = append(i);
  if (info.effects & kCallInvalidates) doubtful_ = true;
  if (info.effects & kCallWrites) {
    for (unsigned a = 0; a < static_cast<unsigned>(Alias::kCount); ++a)
      if (info.writes == 0 || (info.writes >> a & 1)) clobbered_[a] = r;
    if (info.writes == 0 || (info.writes >> static_cast<unsigned>(Alias::Instance) & 1))
      shapes_changed_ = r;
  }
  if (info.makes != 0) {
    facts_[r].shape = info.makes;
    facts_[r].shape_at = r;
  }
  learn(trace_.ins[r], r);
  return r;
}

}  // namespace pystm::jit
