#include "jit/runtime.h"

#include "base/assert.h"
#include "vm/interp/frames.h"
#include "vm/interp/outline.h"
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

// --- frames --------------------------------------------------------------------------------------

bool has_room(const vm::Context& cx, const Value* window, uint32_t depth) {
  return window + kMaxExtent + vm::kRegisterSlack <= cx.regs_limit &&
         cx.frame + depth + kMaxDepth < cx.frames_limit &&
         cx.recursion_depth + static_cast<int32_t>(depth + kMaxDepth) < cx.recursion_limit;
}

void push_inlined(vm::Context& cx, vm::Code* code, vm::Function* function, Value self,
                  const FrameShape& shape) {
  vm::FrameRecord* const caller = cx.frame;
  caller->pc = caller->code->data->instrs + shape.parent_pc;
  const vm::CodeData* d = code->data;
  vm::FrameRecord* f =
      vm::push_frame(cx, code, caller->regs + shape.offset, function->globals, function->builtins,
                     function, d->nlocals + d->ncells + d->nfrees);
  CHECK(f != nullptr);
  f->result = shape.result;
  f->on_return = shape.on_return;
  if (shape.on_return == vm::OnReturn::kKernel) --cx.recursion_depth;
  if (shape.kind == FrameKind::kInit) f->init_self = self;
  if (shape.kind == FrameKind::kGenerator) {
    f->generator = self;
    f->init_self = cx.handled;  // a trace resumes none that handles an exception
  }
  vm::clear_gap(f);
}

static void push_from_trace(vm::Context* cx, Object* code, Object* function, Value self,
                            int64_t packed, int64_t parent_pc) {
  push_inlined(*cx, static_cast<vm::Code*>(code), static_cast<vm::Function*>(function), self,
               FrameShape::of(packed, parent_pc));
}
const CallInfo kCallPushFrame = {"push_frame",
                                 reinterpret_cast<void*>(&push_from_trace),
                                 Type::None,
                                 0,
                                 5,
                                 {Type::Ref, Type::Ref, Type::Word, Type::I64, Type::I64}};

static vm::FrameRecord* topmost_at(vm::Context& cx, int64_t pc) {
  cx.frame->pc = cx.frame->code->data->instrs + pc;
  return cx.frame;
}
static bool has_room_for(vm::Context& cx, vm::Generator* g) {
  return has_room(cx, cx.regs_top + g->code->data->register_count, 1);
}
static vm::Result<Value> resume_generator(vm::Context& cx, Value generator, Value sent,
                                          int64_t packed, int64_t pc) {
  topmost_at(cx, pc);
  auto* g = generator.as<vm::Generator>();
  if (!vm::is_resumable(stm::Read<vm::Generator>(cx, g)->status, sent) || !has_room_for(cx, g))
    return kFalse;
  const auto how = static_cast<vm::OnReturn>(packed & 0xFF);
  CHECK(vm::resume_frame(cx, g, sent, how, static_cast<uint16_t>(packed >> 8)) != nullptr);
  return kTrue;
}
static vm::Result<Value> step_async_generator(vm::Context& cx, Value op, Value sent, int64_t result,
                                              int64_t pc) {
  topmost_at(cx, pc);
  auto* o = op.as<vm::AsyncGenOp>();
  auto* running = stm::Read<vm::AsyncGenOp>(cx, o)->generator.as<vm::Generator>();
  if (!has_room_for(cx, running)) return kFalse;
  Value given;
  vm::Generator* const g = vm::begin_async_step(cx, o, sent, &given);
  if (g == nullptr) return kFalse;
  const auto to = static_cast<uint16_t>(result);
  CHECK(vm::resume_frame(cx, g, given, vm::OnReturn::kStep, to) != nullptr);
  return kTrue;
}
// Does what the frame yields, or with `ended` returns, leave its caller without an exception?
static bool goes_on(const vm::FrameRecord* f, bool ended) {
  const vm::OnReturn how = f->on_return;
  const bool always = how == vm::OnReturn::kForIter || how == vm::OnReturn::kSend;
  const bool yields = how == vm::OnReturn::kStore || how == vm::OnReturn::kStep;
  return f->frame_object.is_unset() && (always || (yields && !ended));
}
static vm::Result<Value> yield_value(vm::Context& cx, Value v, int64_t pc) {
  vm::FrameRecord* const f = topmost_at(cx, pc);
  if (!goes_on(f, false)) return kFalse;
  vm::suspend_generator(cx, f, f->pc);
  CHECK(vm::deliver(cx, f, v) == vm::Flow::kJump);
  return kTrue;
}
static vm::Result<Value> finish_with(vm::Context& cx, Value v, int64_t pc) {
  if (!goes_on(topmost_at(cx, pc), true)) return kFalse;
  CHECK(vm::return_from_frame(cx, v) == vm::Flow::kJump);
  return kTrue;
}
constexpr uint16_t kSwitches = kCallFails | kCallReads | kCallWrites | kCallCollects;
const CallInfo kCallResume = {"resume",   Entry<&resume_generator>,
                              Type::Word, kSwitches,
                              4,          {Type::Word, Type::Word, Type::I64, Type::I64}};
const CallInfo kCallStep = {"step",     Entry<&step_async_generator>,
                            Type::Word, kSwitches,
                            4,          {Type::Word, Type::Word, Type::I64, Type::I64}};
const CallInfo kCallYield = {"yield", Entry<&yield_value>,    Type::Word, kSwitches,
                             2,       {Type::Word, Type::I64}};
const CallInfo kCallFinish = {"finish", Entry<&finish_with>,    Type::Word, kSwitches,
                              2,        {Type::Word, Type::I64}};

extern "C" {

bool pystm_jit_return(vm::Context* cx, Word value, vm::OnReturn how) noexcept {
  vm::FrameRecord* const done = cx->frame;
  vm::FrameRecord* const f = done - 1;
  if (done->on_return != how || !done->frame_object.is_unset() || f < cx->watermark) return false;
  cx->recursion_depth -= how != vm::OnReturn::kKernel;
  cx->frame = f;
  if (how != vm::OnReturn::kDrop)
    f->regs[done->result] = how == vm::OnReturn::kInit ? done->init_self : Value(value);
  cx->regs_top = f->regs + f->code->data->register_count;
  ++f->pc;
  return true;
}

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

// An object taken without moving the snapshot has not changed since: the loads before are good.
Word pystm_jit_acquire_closing(vm::Context* cx, MutObject* o) noexcept {
  return guarded(*cx, [&] {
    const Word snapshot = cx->rv;
    stm::acquire(*cx, o);
    return cx->rv == snapshot ? kPassed : kLeave;
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
