// Recording generators and coroutines: one that is resumed runs as an inlined frame whose registers
// are loaded from its window; suspended, those that changed are stored there.
#include <algorithm>

#include "jit/recorder.h"
#include "jit/residual.h"
#include "jit/runtime.h"
#include "vm/interp/frames.h"
#include "vm/object/sequence.h"

namespace pystm::jit {

using namespace vm;

namespace {
unsigned live_at(const CodeData* d, const Instr* pc) {
  return live_registers(*d, static_cast<uint32_t>(pc - d->instrs));
}
unsigned entered_registers(const CodeData* d) { return d->nlocals + d->ncells + d->nfrees; }
}  // namespace

// RETURN_GENERATOR, in the frame of the call.
Flow Recorder::make_generator(Instr) {
  const CodeData* d = f_->code->data;
  constexpr OnReturn kAny[] = {OnReturn::kStore, OnReturn::kForIter};
  constexpr OnReturn kIterators[] = {OnReturn::kIterator, OnReturn::kAwait};
  const auto goes_to = [&](auto& ways) {
    return std::ranges::count(ways, e_.frame().on_return) != 0;
  };
  const bool is_coroutine = (d->flags & kCoCoroutine) != 0;
  if (e_.depth() == 0 ||
      !(goes_to(kAny) || (is_coroutine ? e_.frame().on_return == OnReturn::kANext
                                       : (d->flags & kCoGenerator) && goes_to(kIterators))))
    return stop("RETURN_GENERATOR");
  Trace& t = e_.trace();
  unsigned given = 0;  // registers that hold something
  for (unsigned k = 0; k < entered_registers(d); ++k)
    if (!f_->regs[k].is_unset()) given = k + 1;
  const IrRef regs = tuple_of_registers(0, given);
  if (regs == kNoRef) return stop("generator of many arguments");
  const Frame done = e_.frame();
  const IrRef g =
      e_.call(kCallMakeGenerator, {done.function, done.code, regs, t.int_const(pc_index())});
  e_.pop_frame();
  e_.set_slot(done.result, g);
  return Flow::kNext;
}

// The trace ends, and another frame goes on.
Flow Recorder::switch_by(const CallInfo& info, std::vector<IrRef> args) {
  if (e_.has_frame_objects()) return stop("frame objects");
  switch_ = &info;
  switch_args_ = std::move(args);
  switch_args_.push_back(e_.trace().int_const(pc_index()));
  return Flow::kNext;
}

// A generator whose code or place differs from one time to the next is not inlined: what is
// compiled for its place goes on.
Flow Recorder::resume_by_switch(V generator, V sent, OnReturn on_return, uint16_t result) {
  guard_object(generator, generator.value.object()->shape_id);
  return switch_by(kCallResume,
                   {generator.ref, sent.ref,
                    e_.trace().int_const(static_cast<int64_t>(on_return) | int64_t{result} << 8)});
}

Flow Recorder::resume(V generator, V sent, OnReturn on_return, uint16_t result) {
  auto* g = generator.value.as<Generator>();
  const stm::Read<Generator> seen(cx_, g);
  const bool created = seen->status == kGenCreated;
  if (!is_resumable(seen->status, sent.value)) return stop("generator in such a state");
  const bool is_unlike = is_side_ && is_first_;  // what was expected here
  if (is_unlike || !seen->handled.is_unset() || !seen->frame.is_unset())
    return resume_by_switch(generator, sent, on_return, result);
  Code* code = g->code;
  const CodeData* d = code->data;
  const unsigned live = created ? entered_registers(d) : live_at(d, d->instrs + seen->pc);
  unsigned same = 0;
  for (const FrameRecord* f = f_; f >= root_; --f) same += f->code.ptr == code;
  if (same > 2) return resume_by_switch(generator, sent, on_return, result);
  Trace& t = e_.trace();
  const IrRef unset = t.word_const(Value());
  const IrRef o = guard_object(generator, generator.value.object()->shape_id);
  e_.acquire(o);
  e_.guard_is(e_.load(o, field::Generator::code), t.ref_const(code));
  const IrRef function = e_.load(o, field::Generator::function);
  if (stm::Read<Function>(cx_, g->function)->code.ptr != code) return stop("function that changed");
  e_.guard_is(e_.load(function, field::Function::globals), t.ref_const(g->function->globals.ptr));
  e_.guard_is(e_.load(function, field::Function::builtins), t.ref_const(g->function->builtins.ptr));
  e_.guard_int(Cond::eq, e_.load(o, field::Generator::status),
               t.int_const(static_cast<int64_t>(seen->status)));
  e_.guard_int(Cond::eq, e_.load(o, field::Generator::pc),
               t.int_const(static_cast<int64_t>(seen->pc)));
  e_.guard_is(e_.load(o, field::Generator::handled), unset);
  e_.guard_is(e_.load(o, field::Generator::frame), unset);
  if (created) e_.guard_is(sent.ref, t.word_const(kNone));
  const IrRef window = e_.load(o, field::Generator::window);
  std::vector<IrRef> regs;
  for (unsigned k = 0; k < live; ++k)
    regs.push_back(e_.load_item(window, t.int_const(k), array::Window, o));
  e_.store(o, field::Generator::status, t.int_const(kGenRunning));
  Frame callee;
  callee.code = t.ref_const(code);
  callee.function = function;
  callee.generator = o;
  callee.result = result;
  callee.on_return = on_return;
  e_.push_frame(callee, scratch(0));
  windows_[static_cast<uint16_t>(e_.depth())] = live;
  for (unsigned k = 0; k < d->register_count; ++k)
    e_.set_slot(static_cast<int>(k), k < live ? regs[k] : unset);
  if (!created) e_.set_slot(d->instrs[seen->pc].a, sent.ref);
  return Flow::kNext;
}

Flow Recorder::yield(Instr i) {
  if (f_ == root_ && !is_side_ && loop_end_ != 0) return stop("yields in the loop");
  if (f_ == root_) return switch_by(kCallYield, {e_.word(i.b)});
  if (!f_->frame_object.is_unset() || has_shape(f_->generator, kShapeAsyncGenerator))
    return stop("YIELD of such a generator");
  const CodeData* d = f_->code->data;
  Trace& t = e_.trace();
  const Frame done = e_.frame();
  const IrRef g = done.generator;
  const V v = reg(i.b);
  e_.acquire(g);
  const IrRef window = e_.load(g, field::Generator::window);
  const unsigned live = live_at(d, f_->pc);
  const auto known = windows_.find(static_cast<uint16_t>(e_.depth()));
  const bool is_known = known != windows_.end();
  const unsigned held = is_known ? known->second : d->register_count;
  for (unsigned k = 0; k < std::max(live, held); ++k) {
    const IrRef index = t.int_const(k);
    const IrRef word = k < live ? e_.word(static_cast<int>(k)) : t.word_const(Value());
    if (is_known && k < held && e_.load_item(window, index, array::Window, g) == word) continue;
    if (is_known && k >= held && word == t.word_const(Value())) continue;
    e_.emit(Ir::UndoItem, window, index, g);
    e_.store_item(window, index, array::Window, word);
  }
  e_.store(g, field::Generator::pc, t.int_const(pc_index()));
  e_.store(g, field::Generator::status, t.int_const(kGenSuspended));
  windows_.erase(static_cast<uint16_t>(e_.depth()));
  std::erase_if(passes_, [&](const Pass& p) { return p.frame >= f_; });  // its loops go on, later
  e_.pop_frame();
  e_.set_slot(done.result, v.ref);
  return Flow::kNext;
}

// A return from the inlined frame of a generator.
Flow Recorder::finish_generator(V v) {
  const Frame done = e_.frame();
  if (done.on_return != OnReturn::kForIter && done.on_return != OnReturn::kSend)
    return stop("end of a generator that was resumed by hand");
  if (!f_->frame_object.is_unset()) return stop("end of such a generator");
  Trace& t = e_.trace();
  e_.acquire(done.generator);
  e_.store(done.generator, field::Generator::status, t.int_const(kGenFinished));
  e_.store(done.generator, field::Generator::window, t.ref_const(nullptr));
  windows_.erase(static_cast<uint16_t>(e_.depth()));
  e_.pop_frame();
  if (done.on_return == OnReturn::kSend) e_.set_slot(done.result, v.ref);
  return Flow::kNext;
}

Flow Recorder::send(Instr i) {
  const V target = reg(i.a), v = reg(i.b);
  if (has_shape(target.value, kShapeAsyncGenOp)) {
    guard_object(target, kShapeAsyncGenOp);
    return switch_by(kCallStep, {target.ref, v.ref, e_.trace().int_const(i.b)});
  }
  if (!has_shape(target.value, kShapeGenerator) && !has_shape(target.value, kShapeCoroutine))
    return stop("SEND to an object");
  return resume(target, v, OnReturn::kSend, i.b);
}

Flow Recorder::yield_from_iter(Instr i) {
  const V v = reg(i.b);
  if (has_shape(v.value, kShapeCoroutine)) return stop("yield from a coroutine");
  return get_iter(i);
}

// A special method, written in Python, of an asynchronous protocol.
Flow Recorder::call_async(Instr i, Dunder method, OnReturn how) {
  const V v = reg(i.b);
  if (has_shape(v.value, kShapeAsyncGenerator)) {
    const IrRef g = guard_object(v, kShapeAsyncGenerator);
    return set_after(i.a, how == OnReturn::kAIter ? g : call_plainly(kCallAsyncNext, {g}));
  }
  const Value function = v.value.is_object() ? type_of(v.value)->dunder(method) : Value();
  if (!is_function(function)) return stop(op_name(i.op));
  const IrRef self = guard_instance(v, v.value.object()->shape_id);
  return enter_method(function, {{v.value, self}}, i.a, how);
}

// `await` of an object, or of a coroutine that nobody awaits yet, as it has not begun.
Flow Recorder::awaitable(Instr i) {
  const V v = reg(i.b);
  if (!has_shape(v.value, kShapeCoroutine)) return call_async(i, Dunder::kAwait, OnReturn::kAwait);
  if (stm::Read<Generator>(cx_, v.value.as<Generator>())->status != kGenCreated)
    return stop("await of a coroutine that has begun");
  const IrRef g = guard_object(v, kShapeCoroutine);
  const IrRef status = e_.load(g, field::Generator::status);
  e_.read_check(g);
  e_.guard_int(Cond::eq, status, e_.trace().int_const(kGenCreated));
  return set_after(i.a, g);
}

Flow Recorder::wrap_item(Instr i) {
  const IrRef item = e_.box(reg(i.b).ref);
  const IrRef wrapped = e_.make(kShapeAsyncGenValue, sizeof(AsyncGenValue), false);
  e_.store(wrapped, field::AsyncGenValue::value, item);
  return set_after(i.a, wrapped);
}

}  // namespace pystm::jit
