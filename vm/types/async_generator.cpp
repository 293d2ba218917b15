// Asynchronous generators (PEP 525): the generator object, and the awaitables that asend(),
// athrow(), aclose() and __anext__() return.
//
// The body yields AsyncGenValue for its own `yield`, and anything else when it awaits. An operation
// passes awaits through and ends at the first AsyncGenValue.
#include "vm/interp/frames.h"
#include "vm/object/exception.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"
#include "vm/types/define.h"
#include "vm/types/generator.h"

namespace pystm::vm {

namespace {

enum Mode : Word { kSend, kThrow, kClose };
enum OpStatus : Word { kInit, kIterating, kClosed };
enum GenFlags : Word { kGenClosed = 1, kGenBusy = 2, kGenHooked = 4 };

Word flags_of(Context& cx, Generator* g) { return stm::Read<Generator>(cx, g)->flags; }
void set_flags(Context& cx, Generator* g, Word set, Word clear) {
  stm::Write<Generator> w(cx, g);
  w.set(&Generator::State::flags, (w->flags & ~clear) | set);
}

// The first operation tells sys.set_asyncgen_hooks' firstiter and keeps the finalizer.
Result<void> start_hooks(Context& cx, Generator* g) {
  if (flags_of(cx, g) & kGenHooked) return {};
  set_flags(cx, g, kGenHooked, 0);
  if (!cx.asyncgen_finalizer.is_unset())
    stm::Write<Generator>(cx, g).set(&Generator::State::hooks, cx.asyncgen_finalizer);
  if (!cx.asyncgen_firstiter.is_unset()) (void)TRY(call(cx, cx.asyncgen_firstiter, {Value(g)}));
  return {};
}

Result<Value> make_op(Context& cx, Generator* g, Mode mode, Value argument) {
  TRY(start_hooks(cx, g));
  auto* op = alloc<AsyncGenOp>(cx, kShapeAsyncGenOp);
  auto& s = stm::init_state(cx, op);
  s.generator = g;
  s.argument = argument;
  s.mode = mode;
  return Value(op);
}

const char* op_name(Word mode) {
  return mode == kSend ? "__anext__()/asend()" : "aclose()/athrow()";
}

void start_op(Context& cx, AsyncGenOp* op, Generator* g) {
  stm::Write<AsyncGenOp>(cx, op).set(&AsyncGenOp::State::status, Word{kIterating});
  set_flags(cx, g, kGenBusy, 0);
}

void end_op(Context& cx, AsyncGenOp* op, Generator* g, Word generator_flags) {
  stm::Write<AsyncGenOp>(cx, op).set(&AsyncGenOp::State::status, Word{kClosed});
  set_flags(cx, g, generator_flags, kGenBusy);
}

// What resuming the body gave, as the operation's own step. *over: it ends the operation, whose
// value is given; else the body awaits it.
Result<Value> settle_step(Context& cx, AsyncGenOp* op, Generator* g, Word mode, Result<Value> r,
                          bool finished, bool* over) {
  *over = true;
  if (r.is_error()) {
    const bool closed = pending_is(cx, kStopAsyncIteration) || pending_is(cx, kGeneratorExit);
    end_op(cx, op, g, closed ? kGenClosed : 0);
    if (mode != kClose || !closed) return Error{};
    clear_exception(cx);
    return kNone;
  }
  if (finished) {
    end_op(cx, op, g, kGenClosed);
    if (mode == kClose) return kNone;
    return raise_value(cx, new_exception(cx, exception_type(kStopAsyncIteration), empty_tuple()));
  }
  *over = has_shape(r.value(), kShapeAsyncGenValue);
  if (!*over) return r;
  const Value item = r.value().as<AsyncGenValue>()->value;
  end_op(cx, op, g, 0);
  if (mode == kClose) return raise(cx, kRuntimeError, "async generator ignored GeneratorExit");
  return item;
}

// The same for callers that see the end as StopIteration.
Result<Value> finish_step(Context& cx, AsyncGenOp* op, Generator* g, Word mode, Result<Value> r,
                          bool finished) {
  bool over;
  const Value v = TRY(settle_step(cx, op, g, mode, r, finished, &over));
  return over ? raise_stop_iteration(cx, v) : Result<Value>(v);
}

}  // namespace

Result<Value> plain_anext(Context& cx, Generator* g) {
  const bool tells = !cx.asyncgen_firstiter.is_unset() && !(flags_of(cx, g) & kGenHooked);
  if (tells) return Value();
  return make_op(cx, g, kSend, kNone);
}

Generator* begin_async_step(Context& cx, AsyncGenOp* op, Value sent, Value* given) {
  stm::Read<AsyncGenOp> r(cx, op);
  auto* g = r->generator.as<Generator>();
  const Word flags = flags_of(cx, g);
  const bool first = r->status == kInit;
  const Value value = first && sent == kNone ? r->argument : sent;
  if (r->mode != kSend || r->status == kClosed ||
      !is_resumable(stm::Read<Generator>(cx, g)->status, value) ||
      (first && (flags & (kGenBusy | kGenClosed)) != 0))
    return nullptr;
  if (first) start_op(cx, op, g);
  *given = value;
  return g;
}

Result<Value> end_async_step(Context& cx, AsyncGenOp* op, Result<Value> r, bool finished,
                             bool* over) {
  auto* g = stm::Read<AsyncGenOp>(cx, op)->generator.as<Generator>();
  return settle_step(cx, op, g, kSend, r, finished, over);
}

namespace {

Result<Value> first_step(Context& cx, AsyncGenOp* op, Generator* g, Word mode, Value argument,
                         Value sent) {
  const Word flags = flags_of(cx, g);
  if (flags & kGenBusy) {
    const char* name = mode == kSend ? "anext" : mode == kThrow ? "athrow" : "aclose";
    stm::Write<AsyncGenOp>(cx, op).set(&AsyncGenOp::State::status, Word{kClosed});
    return raise(cx, kRuntimeError, "%s(): asynchronous generator is already running", name);
  }
  if (flags & kGenClosed) {
    stm::Write<AsyncGenOp>(cx, op).set(&AsyncGenOp::State::status, Word{kClosed});
    if (mode == kClose) return raise_stop_iteration(cx, kNone);
    return raise_value(cx, new_exception(cx, exception_type(kStopAsyncIteration), empty_tuple()));
  }
  if (mode != kSend && sent != kNone)
    return raise(cx, kRuntimeError, "can't send non-None value to a just-started coroutine");
  start_op(cx, op, g);
  bool finished = false;
  Result<Value> r = Value();
  if (mode == kSend) {
    r = generator_resume(cx, g, sent == kNone ? argument : sent, &finished);
  } else if (mode == kThrow) {
    r = generator_throw(cx, g, argument, &finished);
  } else {
    set_flags(cx, g, kGenClosed, 0);
    if (stm::Read<Generator>(cx, g)->status == kGenCreated) {
      finish_generator(cx, g);
      finished = true;
      r = kNone;
    } else {
      r = generator_throw(cx, g, new_exception(cx, exception_type(kGeneratorExit), empty_tuple()),
                          &finished);
    }
  }
  return finish_step(cx, op, g, mode, r, finished);
}

}  // namespace

namespace op_methods {

static Value op_self(Context&, AsyncGenOp* self) { return self; }
static Result<Value> op_send(Context& cx, AsyncGenOp* self, Value value) {
  stm::Read<AsyncGenOp> r(cx, self);
  auto* g = r->generator.as<Generator>();
  if (r->status == kClosed)
    return raise(cx, kRuntimeError, "cannot reuse already awaited %s", op_name(r->mode));
  if (r->status == kInit) return first_step(cx, self, g, r->mode, r->argument, value);
  bool finished = false;
  auto result = generator_resume(cx, g, value, &finished);
  return finish_step(cx, self, g, r->mode, result, finished);
}
static Result<Value> op_next(Context& cx, AsyncGenOp* self) { return op_send(cx, self, kNone); }
static Result<Value> op_throw(Context& cx, AsyncGenOp* self, Value type, Opt value, Opt tb) {
  stm::Read<AsyncGenOp> r(cx, self);
  auto* g = r->generator.as<Generator>();
  if (r->status == kClosed)
    return raise(cx, kRuntimeError, "cannot reuse already awaited %s", op_name(r->mode));
  const Value e = TRY(thrown_exception(cx, type, value, tb));
  bool finished = false;
  auto result = generator_throw(cx, g, e, &finished);
  return finish_step(cx, self, g, r->mode, result, finished);
}
static Result<void> op_close(Context& cx, AsyncGenOp* self) {
  stm::Write<AsyncGenOp>(cx, self).set(&AsyncGenOp::State::status, Word{kClosed});
  return {};
}
constexpr BuiltinDef kMethods[] = {
    method<&op_self>("__await__", "($self, /)", Effects::kPure),
    method<&op_self>("__iter__", "($self, /)", Effects::kPure),
    method<&op_next>("__next__", "($self, /)"),
    method<&op_send>("send", "($self, arg, /)"),
    method<&op_throw>("throw", "($self, typ, val=<unrepresentable>, tb=<unrepresentable>, /)"),
    method<&op_close>("close", "($self, /)")};
constexpr TypeDef kOp = {
    "async_generator_asend", Kind::kAsyncGenOp, &Types::async_generator_op, nullptr, 0, kMethods};
constexpr TypeDef kValue = {"async_generator_wrapped_value", Kind::kAsyncGenValue,
                            &Types::async_generator_value};

}  // namespace op_methods

namespace async_generator_methods {

using State = Generator::State;

static Value gen_aiter(Context&, Generator* self) { return self; }
static Result<Value> gen_anext(Context& cx, Generator* self) {
  return make_op(cx, self, kSend, kNone);
}
static Result<Value> gen_asend(Context& cx, Generator* self, Value value) {
  return make_op(cx, self, kSend, value);
}
static Result<Value> gen_athrow(Context& cx, Generator* self, Value type, Opt value, Opt tb) {
  return make_op(cx, self, kThrow, TRY(thrown_exception(cx, type, value, tb)));
}
static Result<Value> gen_aclose(Context& cx, Generator* self) {
  return make_op(cx, self, kClose, kNone);
}
static Result<void> gen_del(Context& cx, Generator* self) {
  stm::Read<Generator> r(cx, self);
  if (r->status == kGenFinished || (r->flags & kGenClosed)) return {};
  if (!r->hooks.is_unset()) {
    (void)TRY(call(cx, r->hooks, {Value(self)}));
  } else {
    (void)TRY(generator_close(cx, self));
  }
  return {};
}
static Result<Value> gen_repr(Context& cx, Generator* self) {
  return Value(TRY(new_str_format(cx, "<async_generator object %s at 0x%llx>",
                                  to_utf8(cx, stm::Read<Generator>(cx, self)->qualname).c_str(),
                                  static_cast<unsigned long long>(gc::identity(cx, self)))));
}
static Result<Value> get_name(Context& cx, Value self) {
  return stm::Read<Generator>(cx, self.as<Generator>())->name;
}
static Result<Value> get_qualname(Context& cx, Value self) {
  return stm::Read<Generator>(cx, self.as<Generator>())->qualname;
}
template <Value State::*kField>
static Result<void> set_name(Context& cx, Value self, Value v) {
  if (v.is_unset() || !is_str(v))
    return raise(cx, kTypeError, "__name__ must be set to a string object");
  stm::Write<Generator>(cx, self.as<Generator>()).set(kField, v);
  return {};
}
static Result<Value> get_running(Context& cx, Value self) {
  return of_bool(flags_of(cx, self.as<Generator>()) & kGenBusy);
}
static Result<Value> get_code(Context&, Value self) {
  return Value(self.as<Generator>()->code.ptr);
}
static Result<Value> get_frame(Context& cx, Value self) {
  return generator_frame(cx, self.as<Generator>());
}
static Result<Value> get_await(Context& cx, Value self) {
  const Value v = generator_delegate(cx, self.as<Generator>());
  return v.is_unset() ? kNone : v;
}

constexpr BuiltinDef kMethods[] = {
    method<&gen_aiter>("__aiter__", "($self, /)", Effects::kPure),
    method<&gen_anext>("__anext__", "($self, /)"),
    method<&gen_asend>("asend", "($self, value, /)"),
    method<&gen_athrow>("athrow", "($self, typ, val=<unrepresentable>, tb=<unrepresentable>, /)"),
    method<&gen_aclose>("aclose", "($self, /)"),
    method<&gen_del>("__del__", "($self, /)"),
    method<&gen_repr>("__repr__", "($self, /)"),
};
constexpr GetSetDef kGetSets[] = {{"__name__", get_name, set_name<&State::name>},
                                  {"__qualname__", get_qualname, set_name<&State::qualname>},
                                  {"ag_running", get_running},
                                  {"ag_code", get_code},
                                  {"ag_frame", get_frame},
                                  {"ag_await", get_await}};
constexpr TypeDef kAsyncGenerator = {
    "async_generator", Kind::kAsyncGenerator, &Types::async_generator,
    nullptr,           kTypeHasWeakref,       kMethods,
    kGetSets};

}  // namespace async_generator_methods

void define_async_generator_types(Context& cx) {
  define_type(cx, async_generator_methods::kAsyncGenerator);
  define_type(cx, op_methods::kOp);
  define_type(cx, op_methods::kValue);
}

}  // namespace pystm::vm
