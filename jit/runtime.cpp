#include "jit/runtime.h"

#include "vm/object/list_items.h"
#include "vm/object/number.h"

namespace pystm::jit {

namespace {

// Runs a slow path of stm, which may throw Abort.
template <class F>
Word guarded(vm::Context& cx, F f) noexcept {
  try {
    return f();
  } catch (const stm::Abort&) {
    cx.exception = Value();  // kFailed with nothing pending: aborted
    return kFailed;
  }
}

}  // namespace

extern "C" {

Word pystm_jit_box_int(vm::Context* cx, int64_t i) noexcept { return vm::make_int(*cx, i).bits(); }
Word pystm_jit_box_float(vm::Context* cx, double d) noexcept {
  return vm::make_float(*cx, d).bits();
}

Word pystm_jit_new(vm::Context* cx, uint32_t shape, uint32_t bytes, bool has_vlock) noexcept {
  auto* o = static_cast<Object*>(gc::allocate(*cx, bytes));
  *reinterpret_cast<Word*>(o) = shape;  // flags are zero
  // NOBARRIER: newborn
  if (has_vlock) static_cast<MutObject*>(o)->vlock.store(cx->me, std::memory_order_relaxed);
  return reinterpret_cast<Word>(o);
}

void pystm_jit_remember(vm::Context* cx, Object* holder, Value* slot) noexcept {
  gc::store_barrier(*cx, holder, slot);
}

// A stamp found after the loads and gone stale belongs to the transaction that made the object and
// ended before anybody could reach it: the loads are good, and the object's version becomes 0. Any
// other change means that the loads must be done again.
Word pystm_jit_read_check(vm::Context* cx, MutObject* o) noexcept {
  return guarded(*cx, [&] {
    // NOBARRIER: this is the barrier
    const Word before = o->vlock.load(std::memory_order_acquire);
    if (before == cx->me) return kPassed;
    if (before > cx->rv) {
      stm::read_slow(*cx, o);
      const bool was_stamp = before & stm::kStampBit;
      // NOBARRIER: this is the barrier
      if (!was_stamp || o->vlock.load(std::memory_order_acquire) != 0) return kLeave;
    }
    stm::log_read(*cx, o);
    return kPassed;
  });
}

Word pystm_jit_acquire(vm::Context* cx, MutObject* o) noexcept {
  return guarded(*cx, [&] {
    stm::acquire(*cx, o);
    return kPassed;
  });
}

Word pystm_jit_item_check(vm::Context* cx, Object* list, Object* items, Word k) noexcept {
  return guarded(*cx, [&] {
    auto* l = static_cast<vm::List*>(list);
    auto* storage = static_cast<vm::ItemArray*>(items);
    if (!cx->parallel() || vm::list_item_check(*cx, l, storage, k)) return kPassed;
    vm::list_items_settle(*cx, l, storage, k);
    return kLeave;
  });
}

Word pystm_jit_item_acquire(vm::Context* cx, Object*, Object* items, Word k) noexcept {
  return guarded(*cx, [&] {
    stm::acquire_at(*cx, items, vm::list_chunk(static_cast<vm::ItemArray*>(items), k));
    return kPassed;
  });
}

void pystm_jit_undo_item(vm::Context* cx, Object* items, Word k) noexcept {
  auto* storage = static_cast<vm::ItemArray*>(items);
  if (stm::needs_undo(*cx, storage->birth, storage->items() + k))
    stm::undo_value_slow(*cx, storage, storage->items() + k);
}

Word pystm_jit_inevitable(vm::Context* cx, const char* what) noexcept {
  return guarded(*cx, [&] {
    stm::become_inevitable(*cx, what);
    return kPassed;
  });
}
}

bool float_of(Value v, double* out) {
  if (v.is_float()) {
    *out = v.as_float();
    return true;
  }
  if (!vm::has_shape(v, vm::kShapeFloatBox)) return false;
  *out = v.as<vm::FloatBox>()->value;
  return true;
}

}  // namespace pystm::jit
