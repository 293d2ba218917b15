// VM stacks, checkpoints, Frame objects, tracebacks, and the driver of an interpreter activation.
#include "vm/interp/frames.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/memory.h"
#include "vm/interp/jit_hooks.h"
#include "vm/interp/outline.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/native.h"
#include "vm/runtime/runtime.h"

namespace pystm::vm {

// --- the VM stack --------------------------------------------------------------------------------

void allocate_vm_stack(Context& cx) {
  cx.regs_base = static_cast<Value*>(base::reserve_memory(kMaxRegisters * sizeof(Value)));
  cx.regs_limit = cx.regs_base + kMaxRegisters;
  cx.regs_top = cx.regs_base;
  cx.frames_base =
      static_cast<FrameRecord*>(base::reserve_memory(kMaxFrames * sizeof(FrameRecord)));
  cx.frames_limit = cx.frames_base + kMaxFrames;
  cx.frame = cx.frames_base - 1;
  cx.checkpoint = nullptr;
}

void free_vm_stack(Context& cx) {
  drop_checkpoint(cx);
  base::release_memory(cx.regs_base, kMaxRegisters * sizeof(Value));
  base::release_memory(cx.frames_base, kMaxFrames * sizeof(FrameRecord));
}

Error raise_recursion(Context& cx, const char* where) {
  // Room to handle the error itself.
  const int32_t limit = cx.recursion_limit;
  cx.recursion_limit = limit + 50;
  (void)raise(cx, kRecursionError, "maximum recursion depth exceeded%s", where);
  cx.recursion_limit = limit;
  return Error{};
}

// --- checkpoints ---------------------------------------------------------------------------------

struct SavedFrame {
  FrameRecord* place;
  FrameRecord record;
  size_t first, count;  // its registers in Checkpoint::values
};

struct Checkpoint {
  std::vector<SavedFrame> frames;  // newest (highest) first
  std::vector<Value> values;       // NOBARRIER: visited by visit_context
  FrameRecord* top;
  Value* regs_top;
  Value exception, handled, contextvars;
  int32_t recursion_depth, atomic_depth, no_boundary, activations, isolated;
};

namespace {

unsigned live_of(const FrameRecord* f) {
  const CodeData* data = f->code->data;
  return live_registers(*data, static_cast<uint32_t>(f->pc - data->instrs));
}

void save_frame(Checkpoint& c, FrameRecord* f) {
  const unsigned live = live_of(f);
  c.frames.push_back({f, *f, c.values.size(), live});
  c.values.insert(c.values.end(), f->regs, f->regs + live);
}

}  // namespace

void take_checkpoint(Context& cx) {
  if (cx.checkpoint == nullptr) cx.checkpoint = new Checkpoint;
  Checkpoint& c = *cx.checkpoint;
  c.frames.clear();
  c.values.clear();
  c.top = cx.frame;
  c.regs_top = cx.regs_top;
  c.exception = cx.exception;
  c.handled = cx.handled;
  c.contextvars = cx.contextvars;
  c.recursion_depth = cx.recursion_depth;
  c.atomic_depth = cx.atomic_depth;
  c.no_boundary = cx.no_boundary;
  c.activations = cx.activations;
  c.isolated = cx.isolated;
  save_frame(c, cx.frame);
  cx.watermark = cx.frame;
}

void save_outer_frame(Context& cx, FrameRecord* f) {
  save_frame(*cx.checkpoint, f);
  cx.watermark = f;
}

// A native's arguments are not in the gap: it could not be restarted.
void clear_gap(const FrameRecord* f) {
  const FrameRecord* caller = f - 1;
  Value* end = caller->regs + caller->code->data->register_count;
  if (end < f->regs) std::fill(end, f->regs, Value());
}

void restore_checkpoint(Context& cx) {
  Checkpoint& c = *cx.checkpoint;
  for (auto it = c.frames.rbegin(); it != c.frames.rend(); ++it) {
    *it->place = it->record;
    std::copy_n(c.values.data() + it->first, it->count, it->record.regs);
    if (it->record.on_return != OnReturn::kNative) clear_gap(it->place);
  }
  cx.frame = c.top;
  cx.regs_top = c.regs_top;
  cx.exception = c.exception;
  cx.handled = c.handled;
  cx.contextvars = c.contextvars;
  cx.recursion_depth = c.recursion_depth;
  cx.atomic_depth = c.atomic_depth;
  cx.no_boundary = c.no_boundary;
  cx.activations = c.activations;
  cx.isolated = c.isolated;
}

void drop_checkpoint(Context& cx) {
  delete cx.checkpoint;
  cx.checkpoint = nullptr;
  cx.watermark = nullptr;
}

// --- roots ---------------------------------------------------------------------------------------

static void visit_record(FrameRecord& f, gc::SlotVisitor& visitor) {
  visitor.visit(f.code);
  visitor.visit(f.function);
  visitor.visit(f.globals);
  visitor.visit(f.builtins);
  visitor.visit(f.locals);
  visitor.visit(f.generator);
  visitor.visit(f.frame_object);
  visitor.visit(f.init_self);
}

void visit_context(Context& cx, gc::SlotVisitor& visitor) {
  for (FrameRecord* f = cx.frames_base; f <= cx.frame; ++f) {
    visit_record(*f, visitor);
    visitor.visit_range(f->regs, f->regs + live_of(f));
    // What a native laid out above this frame's window, up to the next window or the top.
    Value* end = f->regs + f->code->data->register_count;
    Value* scratch_end = f < cx.frame ? (f + 1)->regs : cx.regs_top;
    if (scratch_end > end) visitor.visit_range(end, scratch_end);
  }
  if (cx.frame < cx.frames_base) visitor.visit_range(cx.regs_base, cx.regs_top);
  for (Value* v : {&cx.exception, &cx.handled, &cx.trace_function, &cx.profile_function,
                   &cx.asyncgen_firstiter, &cx.asyncgen_finalizer, &cx.contextvars,
                   &cx.thread_sentinel, &cx.tail_callable, &cx.tail_names, &cx.return_value})
    visitor.visit(*v);
  if (cx.checkpoint != nullptr) {
    Checkpoint& c = *cx.checkpoint;
    for (SavedFrame& f : c.frames) visit_record(f.record, visitor);
    visitor.visit_range(c.values.data(), c.values.data() + c.values.size());
    for (Value* v : {&c.exception, &c.handled, &c.contextvars}) visitor.visit(*v);
  }
}

// --- Frame objects -------------------------------------------------------------------------------

Frame* new_frame_object(Context& cx, Code* code, Dict* globals, Dict* builtins, Value function) {
  auto* frame = alloc<Frame>(cx, kShapeFrame);
  frame->code = code;
  frame->globals = globals;
  frame->builtins = builtins;
  frame->function = function;
  (void)stm::init_state(cx, frame);
  return frame;
}

Value frame_object(Context& cx, FrameRecord* f) {
  if (!f->frame_object.is_unset()) return f->frame_object;
  if (!f->generator.is_unset()) {
    const Value own = stm::Read<Generator>(cx, f->generator.as<Generator>())->frame;
    if (!own.is_unset()) {
      f->frame_object = own;
      stm::Write<Frame>(cx, own.as<Frame>())
          .set(&Frame::State::live, static_cast<Word>(f - cx.frames_base + 1));
      return own;
    }
  }
  Frame* frame = new_frame_object(cx, f->code, f->globals, f->builtins, f->function);
  stm::Write<Frame> w(cx, frame);
  w.set(&Frame::State::live, static_cast<Word>(f - cx.frames_base + 1));
  w.set(&Frame::State::locals, f->locals);
  w.set(&Frame::State::pc, static_cast<Word>(f->pc - f->code->data->instrs));
  w.set(&Frame::State::generator, f->generator);
  f->frame_object = frame;
  if (!f->generator.is_unset())
    stm::Write<Generator>(cx, f->generator.as<Generator>())
        .set(&Generator::State::frame, Value(frame));
  return frame;
}

FrameRecord* live_record(Context& cx, Frame* frame) {
  const Word live = stm::Read<Frame>(cx, frame)->live;
  if (live == 0) return nullptr;
  FrameRecord* f = cx.frames_base + (live - 1);
  return f <= cx.frame && f->frame_object == Value(frame) ? f : nullptr;
}

void end_frame_object(Context& cx, Frame* frame, const Value* regs, Value back, Word pc) {
  const CodeData* data = frame->code->data;
  const unsigned n = data->nlocals + data->ncells + data->nfrees;
  auto items = new_item_array(cx, n);
  stm::Write<Frame> w(cx, frame);
  if (!items.is_error()) {
    std::copy_n(regs, n, items.value()->items());
    gc::store_barrier_range(cx, items.value(), items.value()->items(), n);
    w.set(&Frame::State::window, Ref<ItemArray>(items.value()));
  }
  w.set(&Frame::State::back, back.is_unset() ? kNone : back);
  w.set(&Frame::State::pc, pc);
  w.set(&Frame::State::live, Word{0});
}

void detach_frame_object(Context& cx, FrameRecord* f) {
  const FrameRecord* caller = f - 1;
  while (caller >= cx.frames_base && caller->code->data->hidden) --caller;
  end_frame_object(cx, f->frame_object.as<Frame>(), f->regs,
                   caller >= cx.frames_base ? caller->frame_object : Value(),
                   static_cast<Word>(f->pc - f->code->data->instrs));
}

void add_traceback_entry(Context& cx, Frame* frame, Word pc, Value exception) {
  auto* tb = alloc<Traceback>(cx, kShapeTraceback);
  tb->frame = frame;
  tb->pc = pc;
  tb->line = static_cast<Word>(line_at(frame->code, static_cast<uint32_t>(pc)));
  auto* e = exception.as<Exception>();
  const Value next = stm::Read<Exception>(cx, e)->traceback;
  stm::init_state(cx, tb).next = next.is_unset() ? kNone : next;
  stm::Write<Exception>(cx, e).set(&Exception::State::traceback, Value(tb));
}

void add_traceback(Context& cx, FrameRecord* f, Value exception) {
  if (f->code->data->hidden) return;
  add_traceback_entry(cx, frame_object(cx, f).as<Frame>(),
                      static_cast<Word>(f->pc - f->code->data->instrs), exception);
}

// --- activations ---------------------------------------------------------------------------------

template <bool kParallel>
Result<Value> run(Context& cx, FrameRecord* entry);
template <>
Result<Value> run<false>(Context& cx, FrameRecord* entry);
template <>
Result<Value> run<true>(Context& cx, FrameRecord* entry);
Result<Value> run_dumping(Context& cx, FrameRecord* entry);  // dump_primitives.cpp

namespace {

// An activation below which there are native frames: no boundary may happen in it.
class Nested {
 public:
  explicit Nested(Context& cx) : cx_(cx) {
    ++cx.activations;
    ++cx.no_boundary;
  }
  ~Nested() {
    --cx_.activations;
    --cx_.no_boundary;
  }

 private:
  Context& cx_;
};

Result<Value> run_in_mode(Context& cx, FrameRecord* entry) {
  if (PYSTM_UNLIKELY(runtime().options.dump_primitives) && !cx.parallel())
    return run_dumping(cx, entry);
  return cx.parallel() ? run<true>(cx, entry) : run<false>(cx, entry);
}

}  // namespace

JitHooks jit_hooks;
std::atomic<bool> jit_events{false};
Word jit_hot_loop = 0, jit_hot_call = 0;

template <bool kParallel>
Flow step_in_mode(Context& cx);
template <>
Flow step_in_mode<false>(Context& cx);
template <>
Flow step_in_mode<true>(Context& cx);

Flow step(Context& cx) { return cx.parallel() ? step_in_mode<true>(cx) : step_in_mode<false>(cx); }

Result<Value> interpret(Context& cx, FrameRecord* entry) {
  if (cx.activations > 0) {
    Nested nested(cx);
    return run_in_mode(cx, entry);
  }
  cx.activations = 1;
  // What native code did before this frame cannot be restarted from here, so it ends first; what
  // comes after the frame cannot either.
  const bool native_base = std::exchange(cx.in_native_base, false);
  if (cx.parallel()) {
    stm::commit(cx);
    stm::begin(cx);
    take_checkpoint(cx);
  }
  for (;;) {
    try {
      cx.switch_mode = false;
      Result<Value> r = run_in_mode(cx, entry);
      if (cx.switch_mode) {
        if (!cx.parallel()) drop_checkpoint(cx);
        continue;
      }
      if (cx.parallel()) {
        // The work since the last boundary can be redone from its checkpoint only here.
        stm::commit(cx);
        cx.in_native_base = native_base;
        stm::begin(cx);
        drop_checkpoint(cx);
      }
      cx.in_native_base = native_base;
      cx.activations = 0;
      return r;
    } catch (const stm::Abort&) {
      restore_checkpoint(cx);
      stm::begin(cx);
      if (!cx.parallel()) drop_checkpoint(cx);
    }
  }
}

// Ends the transaction here and begins another; true when the interpreter's other instance is due.
static bool boundary(Context& cx) {
  const bool was_parallel = cx.parallel();
  stm::commit(cx);
  stm::begin(cx);
  if (cx.parallel()) {
    take_checkpoint(cx);
  } else {
    drop_checkpoint(cx);
  }
  return cx.parallel() != was_parallel;
}

Flow after_restart(Context& cx, Flow flow) {
  // run_outside() began a transaction inside a native call whose outcome is in place by now: a
  // value, a frame to run, or an exception, which an abort comes back to raise again.
  const bool was_parallel = cx.watermark != nullptr;
  if (flow == Flow::kNext) ++cx.frame->pc;
  if (stm::is_inevitable(cx)) {
    stm::commit(cx);
    stm::begin(cx);
  }
  cx.restarted = false;
  if (cx.parallel()) {
    take_checkpoint(cx);
  } else {
    drop_checkpoint(cx);
  }
  if (cx.parallel() == was_parallel) return flow == Flow::kRaise ? flow : Flow::kJump;
  cx.switch_mode = true;
  return Flow::kExit;
}

Flow poll_slow(Context& cx, FrameRecord* f) {
  const stm::PollResult due = stm::poll(cx);
  if (gc::take_memory_error(cx)) {
    (void)raise_no_memory(cx);
    return Flow::kRaise;
  }
  if (cx.no_boundary > 0 && cx.activations > 1) {
    if (pending_calls(cx).is_error()) return Flow::kRaise;
    return Flow::kNext;
  }
  if (due == stm::PollResult::kBoundary && cx.no_boundary == 0 && boundary(cx)) {
    cx.switch_mode = true;
    return Flow::kExit;
  }
  if (pending_calls(cx).is_error()) return Flow::kRaise;
  return Flow::kNext;
}

}  // namespace pystm::vm
