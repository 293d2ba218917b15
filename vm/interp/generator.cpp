// Generators and coroutines: their registers live on the VM stack while they run and are copied
// into the object when they are suspended, so that registers are never transactional heap fields.
#include <algorithm>

#include "vm/interp/frames.h"
#include "vm/interp/outline.h"
#include "vm/object/exception.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/shapes_internal.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"

namespace pystm::vm {

namespace {

const char* kind_name(Generator* g) {
  return has_shape(g, kShapeCoroutine)        ? "coroutine"
         : has_shape(g, kShapeAsyncGenerator) ? "async generator"
                                              : "generator";
}

ShapeId shape_for(uint32_t flags) {
  if (flags & kCoCoroutine) return kShapeCoroutine;
  if (flags & kCoAsyncGenerator) return kShapeAsyncGenerator;
  return kShapeGenerator;
}

// Copies `live` registers into the window; the rest becomes unset.
void save_window(Context& cx, Generator* g, const Value* regs, unsigned live) {
  ItemArray* window = stm::Read<Generator>(cx, g)->window;
  for (unsigned k = 0; k < window->length; ++k) {
    const Value v = k < live ? regs[k] : Value();
    if (window->items()[k] != v) stm::write_slot(cx, window, window->birth, window->items() + k, v);
  }
}

// The SEND that a `yield from`/await YIELD belongs to, or null.
const Instr* delegating_send(const CodeData* data, Word pc) {
  const Instr* yield = data->instrs + pc;
  if (yield->op != Op::YIELD || yield->d != 1) return nullptr;
  const Instr* back = yield + 1;
  if (back->op != Op::JUMP_BACK) return nullptr;
  const Instr* send = back + 1 + back->bc;
  return send->op == Op::SEND ? send : nullptr;
}

// Pushes the frame with its saved registers; pc at the suspension point.
FrameRecord* push_suspended(Context& cx, Generator* g, OnReturn on_return, uint16_t result) {
  stm::Write<Generator> w(cx, g);
  Code* code = g->code;
  ItemArray* window = w->window;
  Value* regs = cx.regs_top;
  FrameRecord* f = push_frame(cx, code, regs, g->function->globals, g->function->builtins,
                              g->function.ptr, UINT32_MAX / 2);
  if (f == nullptr) return nullptr;
  std::copy_n(window->items(), std::min<size_t>(window->length, code->data->register_count), regs);
  f->pc = code->data->instrs + w->pc;
  f->generator = g;
  f->on_return = on_return;
  f->result = result;
  f->init_self = cx.handled;  // what the resumer was handling
  if (!w->handled.is_unset()) cx.handled = w->handled;
  w.set(&Generator::State::status, Word{kGenRunning});
  if (!w->frame.is_unset()) {
    f->frame_object = w->frame;
    stm::Write<Frame>(cx, w->frame.as<Frame>())
        .set(&Frame::State::live, static_cast<Word>(f - cx.frames_base + 1));
  }
  return f;
}

}  // namespace

// Most generators run to their end, and most others are left where nothing would catch the
// GeneratorExit that closes them: what is left of them needs no collector's care. One that never
// started has nothing to clean up either, but a coroutine is reported as never awaited. Code
// objects do not move, and their data goes after the finalizers are found.
bool generator_ends_silently(Object* o) {
  auto* g = static_cast<Generator*>(o);
  const stm::Peek s(g);  // the world is stopped
  if (s->status == kGenFinished) return true;
  if (s->status == kGenCreated) return o->shape_id != kShapeCoroutine;
  if (s->status != kGenSuspended || o->shape_id != kShapeGenerator) return false;
  const CodeData* data = g->code->data;
  return find_handler(*data, static_cast<uint32_t>(s->pc)) == nullptr &&
         delegating_send(data, s->pc) == nullptr;
}

Value new_generator(Context& cx, Function* function, Code* code, const Value* regs,
                    const Instr* resume) {
  const CodeData* data = code->data;
  auto window = new_item_array(cx, data->register_count);
  if (window.is_error()) return Value();
  auto* g = alloc<Generator>(cx, shape_for(data->flags));
  g->function = function;
  g->code = code;
  auto& s = stm::init_state(cx, g);
  s.status = kGenCreated;
  s.window = window.value();
  s.pc = static_cast<Word>(resume - data->instrs);
  stm::Read<Function> r(cx, function);
  s.name = r->name;
  s.qualname = r->qualname;
  gc::register_finalizable(cx, g);
  save_window(cx, g, regs, data->nlocals + data->ncells + data->nfrees);
  return g;
}

FrameRecord* resume_frame(Context& cx, Generator* g, Value sent, OnReturn on_return,
                          uint16_t result) {
  stm::Write<Generator> w(cx, g);
  switch (w->status) {
    case kGenRunning:
      (void)raise(cx, kValueError, "%s already executing", kind_name(g));
      return nullptr;
    case kGenFinished:
      if (has_shape(g, kShapeCoroutine)) {
        (void)raise(cx, kRuntimeError, "cannot reuse already awaited coroutine");
      } else if (on_return == OnReturn::kStore) {
        (void)raise_stop_iteration(cx, kNone);
      }
      return nullptr;
    case kGenCreated:
      if (sent != kNone) {
        (void)raise(cx, kTypeError, "can't send non-None value to a just-started %s", kind_name(g));
        return nullptr;
      }
      break;
    default:
      break;
  }
  const bool created = w->status == kGenCreated;
  FrameRecord* f = push_suspended(cx, g, on_return, result);
  if (f == nullptr) return nullptr;
  if (!created) f->regs[f->pc->a] = sent;
  ++f->pc;
  return f;
}

void suspend_generator(Context& cx, FrameRecord* f, const Instr* at) {
  auto* g = f->generator.as<Generator>();
  const CodeData* data = f->code->data;
  stm::Write<Generator> w(cx, g);
  save_window(cx, g, f->regs, live_registers(*data, static_cast<uint32_t>(at - data->instrs)));
  w.set(&Generator::State::status, Word{kGenSuspended});
  w.set(&Generator::State::pc, static_cast<Word>(at - data->instrs));
  w.set(&Generator::State::handled, cx.handled == f->init_self ? Value() : cx.handled);
  cx.handled = f->init_self;
}

void finish_generator(Context& cx, Generator* g) {
  stm::Write<Generator> w(cx, g);
  FrameRecord* f = cx.frame;
  if (f >= cx.frames_base && f->generator == Value(g)) cx.handled = f->init_self;
  w.set(&Generator::State::status, Word{kGenFinished});
  w.set(&Generator::State::window, Ref<ItemArray>(nullptr));
  w.set(&Generator::State::handled, Value());
}

// --- instructions --------------------------------------------------------------------------------

Flow do_RETURN_GENERATOR(Context& cx, FrameRecord* f, Instr) {
  const Value g = new_generator(cx, f->function.as<Function>(), f->code, f->regs, f->pc);
  if (g.is_unset()) return Flow::kRaise;
  return return_from_frame(cx, g);
}

Flow do_YIELD(Context& cx, FrameRecord* f, Instr i) {
  const Value v = f->regs[i.b];
  suspend_generator(cx, f, f->pc);
  if (!f->frame_object.is_unset()) {
    // The Frame object lives on with the generator: it reads its registers from there.
    stm::Write<Frame> w(cx, f->frame_object.as<Frame>());
    w.set(&Frame::State::window, stm::Read<Generator>(cx, f->generator.as<Generator>())->window);
    w.set(&Frame::State::pc, static_cast<Word>(f->pc - f->code->data->instrs));
    w.set(&Frame::State::live, Word{0});
    f->frame_object = Value();
  }
  return deliver(cx, f, v);
}

Flow do_SEND(Context& cx, FrameRecord* f, Instr i) {
  const Value target = f->regs[i.a], v = f->regs[i.b];
  if (has_shape(target, kShapeGenerator) || has_shape(target, kShapeCoroutine)) {
    FrameRecord* g = resume_frame(cx, target.as<Generator>(), v, OnReturn::kSend, i.b);
    if (g != nullptr) return Flow::kFrame;
    if (!cx.exception.is_unset()) return Flow::kRaise;
    f->regs[i.b] = kNone;  // a finished generator
    f->pc += 1 + i.jump16();
    return Flow::kJump;
  }
  if (has_shape(target, kShapeAsyncGenOp)) {
    Value given;
    if (Generator* g = begin_async_step(cx, target.as<AsyncGenOp>(), v, &given); g != nullptr) {
      if (resume_frame(cx, g, given, OnReturn::kStep, i.b) != nullptr) return Flow::kFrame;
      bool over;
      (void)end_async_step(cx, target.as<AsyncGenOp>(), Error{}, false, &over);
      return Flow::kRaise;
    }
  }
  Result<Value> r = v == kNone ? iter_next(cx, target) : call_method(cx, target, names().send, {v});
  if (!r.is_error() && !r.value().is_unset()) {
    f->regs[i.b] = r.value();
    return Flow::kNext;
  }
  Value result = kNone;
  if (r.is_error()) {
    if (!pending_is(cx, kStopIteration)) return Flow::kRaise;
    result = get_exception_member(cx, take_exception(cx), "value");
  } else if (!cx.return_value.is_unset()) {
    result = cx.return_value;  // iter_next keeps a StopIteration's value there
  }
  f->regs[i.b] = result.is_unset() ? kNone : result;
  f->pc += 1 + i.jump16();
  return Flow::kJump;
}

// --- from C++ ------------------------------------------------------------------------------------

namespace {
struct KeepTop {
  Context& cx;
  Value* top;
  explicit KeepTop(Context& c) : cx(c), top(c.regs_top) {}
  ~KeepTop() { cx.regs_top = top; }
};

// Makes the StopIteration that CPython would have raised, unless it is the plain end of iteration.
Result<Value> finished_value(Context& cx, Result<Value> r, bool* finished) {
  *finished = !r.is_error() && cx.generator_returned;
  return r;
}
}  // namespace

Result<Value> generator_resume(Context& cx, Generator* g, Value value, bool* finished) {
  KeepTop keep(cx);
  *finished = false;
  FrameRecord* f = resume_frame(cx, g, value, OnReturn::kNative, 0);
  if (f == nullptr) {
    if (!cx.exception.is_unset()) return Error{};
    *finished = true;
    return kNone;
  }
  return finished_value(cx, interpret(cx, f), finished);
}

Result<Value> generator_send(Context& cx, Generator* g, Value value) {
  bool finished;
  const Value v = TRY(generator_resume(cx, g, value, &finished));
  if (finished) return raise_stop_iteration(cx, v);
  return v;
}

Value generator_delegate(Context& cx, Generator* g) {
  stm::Read<Generator> r(cx, g);
  if (r->status != kGenSuspended) return Value();
  const Instr* send = delegating_send(g->code->data, r->pc);
  return send == nullptr ? Value() : r->window->items()[send->a];
}

namespace {

// Raises `exception` where the generator is suspended.
Result<Value> throw_here(Context& cx, Generator* g, Value exception, bool* finished) {
  stm::Read<Generator> r(cx, g);
  if (r->status == kGenRunning) return raise(cx, kValueError, "%s already executing", kind_name(g));
  if (r->status == kGenFinished && has_shape(g, kShapeCoroutine))
    return raise(cx, kRuntimeError, "cannot reuse already awaited coroutine");
  if (r->status == kGenCreated) {
    finish_generator(cx, g);
    cx.exception = exception;
    return Error{};
  }
  if (r->status == kGenFinished) {
    cx.exception = exception;
    return Error{};
  }
  // Its context is what the generator handles, not what the caller of throw() does.
  const bool handles = !r->handled.is_unset();
  KeepTop keep(cx);
  FrameRecord* f = push_suspended(cx, g, OnReturn::kNative, 0);
  if (f == nullptr) return Error{};
  if (handles) {
    (void)raise_value(cx, exception);
  } else {
    cx.exception = exception;
  }
  return finished_value(cx, interpret(cx, f), finished);
}

// The delegate has returned `value`: go on behind the SEND.
Result<Value> resume_after_delegate(Context& cx, Generator* g, Value value, bool* finished) {
  KeepTop keep(cx);
  FrameRecord* f = push_suspended(cx, g, OnReturn::kNative, 0);
  if (f == nullptr) return Error{};
  const CodeData* data = f->code->data;
  const Instr* send = delegating_send(data, static_cast<Word>(f->pc - data->instrs));
  f->regs[send->b] = value;
  f->pc = send + 1 + send->jump16();
  return finished_value(cx, interpret(cx, f), finished);
}

Result<void> close_delegate(Context& cx, Value delegate) {
  if (has_shape(delegate, kShapeGenerator) || has_shape(delegate, kShapeCoroutine)) {
    (void)TRY(generator_close(cx, delegate.as<Generator>()));
    return {};
  }
  const Value close = TRY(find_attr(cx, delegate, names().close));
  if (!close.is_unset()) (void)TRY(call(cx, close, {}));
  return {};
}

void mark_running(Context& cx, Generator* g, Word status) {
  stm::Write<Generator>(cx, g).set(&Generator::State::status, status);
}

}  // namespace

Result<Value> generator_throw(Context& cx, Generator* g, Value exception, bool* finished,
                              Value given) {
  *finished = false;
  const Value delegate = generator_delegate(cx, g);
  if (delegate.is_unset()) return throw_here(cx, g, exception, finished);
  if (is_subtype(type_of(exception), exception_type(kGeneratorExit))) {
    mark_running(cx, g, kGenRunning);
    auto r = close_delegate(cx, delegate);
    mark_running(cx, g, kGenSuspended);
    if (r.is_error()) exception = take_exception(cx);
    return throw_here(cx, g, exception, finished);
  }
  Result<Value> r = Value();
  bool inner_finished = false;
  mark_running(cx, g, kGenRunning);
  if (has_shape(delegate, kShapeGenerator) || has_shape(delegate, kShapeCoroutine)) {
    r = generator_throw(cx, delegate.as<Generator>(), exception, &inner_finished, given);
  } else {
    auto method = find_attr(cx, delegate, names().throw_);
    if (!method.is_error() && method.value().is_unset()) {
      mark_running(cx, g, kGenSuspended);
      return throw_here(cx, g, exception, finished);
    }
    r = method.is_error() ? method
                          : call(cx, method.value(), {given.is_unset() ? exception : given});
  }
  mark_running(cx, g, kGenSuspended);
  if (!r.is_error() && !inner_finished) return r;  // yielded again
  if (r.is_error()) {
    if (!pending_is(cx, kStopIteration)) return throw_here(cx, g, take_exception(cx), finished);
    const Value v = get_exception_member(cx, take_exception(cx), "value");
    return resume_after_delegate(cx, g, v.is_unset() ? kNone : v, finished);
  }
  return resume_after_delegate(cx, g, r.value(), finished);
}

Result<Value> generator_close(Context& cx, Generator* g) {
  stm::Read<Generator> r(cx, g);
  if (r->status == kGenFinished) return kNone;
  if (r->status == kGenCreated) {
    finish_generator(cx, g);
    return kNone;
  }
  (void)raise_value(cx, new_exception(cx, exception_type(kGeneratorExit), empty_tuple()));
  bool finished = false;
  auto result = generator_throw(cx, g, take_exception(cx), &finished);
  if (!result.is_error() && !finished)
    return raise(cx, kRuntimeError, "%s ignored GeneratorExit", kind_name(g));
  if (result.is_error()) {
    if (!pending_is(cx, kGeneratorExit) && !pending_is(cx, kStopIteration)) return Error{};
    clear_exception(cx);
  }
  return kNone;
}

// --- await ---------------------------------------------------------------------------------------

Flow do_GET_YIELD_FROM_ITER(Context& cx, FrameRecord* f, Instr i) {
  const Value v = f->regs[i.b];
  const uint32_t flags = f->code->data->flags;
  if (has_shape(v, kShapeCoroutine)) {
    if (!(flags & (kCoCoroutine | kCoIterableCoroutine))) {
      (void)raise(cx, kTypeError,
                  "cannot 'yield from' a coroutine object in a non-coroutine generator");
      return Flow::kRaise;
    }
    f->regs[i.a] = v;
    return Flow::kNext;
  }
  if (has_shape(v, kShapeGenerator)) {
    f->regs[i.a] = v;
    return Flow::kNext;
  }
  auto r = get_iter(cx, v);
  if (r.is_error()) return Flow::kRaise;
  f->regs[i.a] = r.value();
  return Flow::kNext;
}

namespace {

Result<Value> check_awaited(Context& cx, Value it) {
  if (has_shape(it, kShapeCoroutine))
    return raise(cx, kTypeError, "__await__() returned a coroutine");
  if (lookup_dunder(it, Dunder::kNext).is_unset())
    return raise(cx, kTypeError, "__await__() returned non-iterator of type '%s'", TYPE_NAME(it));
  return it;
}

// Awaitables whose iterator they are themselves; unset: it is to be asked of __await__.
Result<Value> own_iterator(Context& cx, Value v) {
  if (has_shape(v, kShapeCoroutine)) {
    if (!generator_delegate(cx, v.as<Generator>()).is_unset())
      return raise(cx, kRuntimeError, "coroutine is being awaited already");
    return v;
  }
  if (has_shape(v, kShapeGenerator) &&
      (v.as<Generator>()->code->data->flags & kCoIterableCoroutine))
    return v;
  return Value();
}

void raise_not_awaitable(Context& cx, Value v, const char* context_text) {
  (void)raise(cx, kTypeError, "%s%s%s", context_text[0] != 0 ? context_text : "object ",
              TYPE_NAME(v), context_text[0] != 0 ? "" : " can't be used in 'await' expression");
}

Result<Value> get_awaitable(Context& cx, Value v) {
  const Value own = TRY(own_iterator(cx, v));
  if (!own.is_unset()) return own;
  if (!lookup_dunder(v, Dunder::kAwait).is_unset())
    return check_awaited(cx, TRY(call_special(cx, v, Dunder::kAwait, {})));
  raise_not_awaitable(cx, v, "");
  return Error{};
}

Result<Value> check_aiter(Context& cx, Value it) {
  if (lookup_dunder(it, Dunder::kANext).is_unset())
    return raise(
        cx, kTypeError,
        "'async for' received an object from __aiter__ that does not implement __anext__: %s",
        TYPE_NAME(it));
  return it;
}

Result<Value> check_anext(Context& cx, Value next) {
  if (has_shape(next, kShapeAsyncGenOp)) return next;
  auto awaitable = get_awaitable(cx, next);
  if (!awaitable.is_error()) return awaitable;
  const Value cause = take_exception(cx);
  (void)raise(cx, kTypeError, "'async for' received an invalid object from __anext__: %s",
              TYPE_NAME(next));
  set_exception_cause(cx, cx.exception, cause);
  return Error{};
}

// Calls a special method of `v` into register a: as a frame, if it is written in Python.
Flow call_async(Context& cx, FrameRecord* f, Instr i, Dunder method, OnReturn how) {
  const Value v = f->regs[i.b];
  const Value function = type_of(v)->dunder(method);
  if (is_function(function)) return call_method(cx, f, function, {v}, i.a, how);
  auto r = call_special(cx, v, method, {});
  if (!r.is_error()) r = taken_from(cx, how, r.value());
  if (r.is_error()) return Flow::kRaise;
  f->regs[i.a] = r.value();
  return Flow::kNext;
}

}  // namespace

Result<Value> taken_from(Context& cx, OnReturn how, Value v) {
  return how == OnReturn::kAwait   ? check_awaited(cx, v)
         : how == OnReturn::kAIter ? check_aiter(cx, v)
                                   : check_anext(cx, v);
}

Flow do_GET_AWAITABLE(Context& cx, FrameRecord* f, Instr i) {
  const Value v = f->regs[i.b];
  const auto own = own_iterator(cx, v);
  if (own.is_error()) return Flow::kRaise;
  if (!own.value().is_unset()) {
    f->regs[i.a] = own.value();
    return Flow::kNext;
  }
  if (!lookup_dunder(v, Dunder::kAwait).is_unset())
    return call_async(cx, f, i, Dunder::kAwait, OnReturn::kAwait);
  raise_not_awaitable(
      cx, v,
      i.d == 1
          ? "'async with' received an object from __aenter__ that does not implement __await__: "
      : i.d == 2
          ? "'async with' received an object from __aexit__ that does not implement __await__: "
          : "");
  return Flow::kRaise;
}

Flow do_GET_AITER(Context& cx, FrameRecord* f, Instr i) {
  const Value v = f->regs[i.b];
  if (!lookup_dunder(v, Dunder::kAIter).is_unset())
    return call_async(cx, f, i, Dunder::kAIter, OnReturn::kAIter);
  (void)raise(cx, kTypeError, "'async for' requires an object with __aiter__ method, got %s",
              TYPE_NAME(v));
  return Flow::kRaise;
}

Flow do_GET_ANEXT(Context& cx, FrameRecord* f, Instr i) {
  const Value v = f->regs[i.b];
  if (!lookup_dunder(v, Dunder::kANext).is_unset())
    return call_async(cx, f, i, Dunder::kANext, OnReturn::kANext);
  (void)raise(cx, kTypeError, "'async for' requires an iterator with __anext__ method, got %s",
              TYPE_NAME(v));
  return Flow::kRaise;
}

Flow do_END_ASYNC_FOR(Context& cx, FrameRecord* f, Instr i) {
  const Value e = f->regs[i.a];
  if (is_subtype(type_of(e), exception_type(kStopAsyncIteration))) return Flow::kNext;
  cx.exception = e;
  return Flow::kRaise;
}

Flow do_ASYNC_GEN_WRAP(Context& cx, FrameRecord* f, Instr i) {
  auto* wrapped = alloc<AsyncGenValue>(cx, kShapeAsyncGenValue);
  wrapped->value = f->regs[i.b];
  f->regs[i.a] = wrapped;
  return Flow::kNext;
}

}  // namespace pystm::vm
