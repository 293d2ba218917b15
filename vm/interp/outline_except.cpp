// Out-of-line exceptions: raising, matching, handlers, with statements, unwinding.
#include "vm/interp/outline.h"
#include "vm/object/dict.h"
#include "vm/object/exception.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"

namespace pystm::vm {

#define DO(...)                                     \
  ({                                                \
    auto do_result_ = (__VA_ARGS__);                \
    if (do_result_.is_error()) return Flow::kRaise; \
    do_result_.value();                             \
  })

// --- raise ---------------------------------------------------------------------------------------

namespace {

// The instance that `raise v` raises: an instance itself, or a class called.
Result<Value> exception_instance(Context& cx, Value v, const char* complaint) {
  if (is_exception(v)) return v;
  if (is_type(v) && is_subtype(as_type(v), exception_type(kBaseException))) {
    const Value e = TRY(call(cx, v, {}));
    if (!is_exception(e))
      return raise(cx, kTypeError,
                   "calling %s should have returned an instance of BaseException, not %s",
                   repr_utf8(cx, v).c_str(), repr_utf8(cx, Value(type_of(e))).c_str());
    return e;
  }
  return raise(cx, kTypeError, "%s", complaint);
}

}  // namespace

Flow do_RAISE(Context& cx, FrameRecord* f, Instr i) {
  if (i.d == 0) {
    if (cx.handled.is_unset()) {
      (void)raise(cx, kRuntimeError, "No active exception to reraise");
      return Flow::kRaise;
    }
    cx.exception = cx.handled;
    return Flow::kRaise;
  }
  const Value e =
      DO(exception_instance(cx, f->regs[i.a], "exceptions must derive from BaseException"));
  if (i.d == 2) {
    const Value given = f->regs[i.b];
    const Value cause =
        given == kNone
            ? kNone
            : DO(exception_instance(cx, given, "exception causes must derive from BaseException"));
    set_exception_cause(cx, e, cause);
  }
  (void)raise_value(cx, e);
  return Flow::kRaise;
}

Flow do_RERAISE(Context& cx, FrameRecord* f, Instr i) {
  cx.exception = f->regs[i.a];
  return Flow::kRaise;
}

Flow do_ENTER_HANDLER(Context& cx, FrameRecord* f, Instr i) {
  const Value e = f->regs[i.b];
  f->regs[i.a] = cx.handled.is_unset() ? kNone : cx.handled;
  cx.handled = e;
  return Flow::kNext;
}
Flow do_LEAVE_HANDLER(Context& cx, FrameRecord* f, Instr i) {
  const Value before = f->regs[i.a];
  cx.handled = before == kNone ? Value() : before;
  return Flow::kNext;
}

// --- matching ------------------------------------------------------------------------------------

Result<bool> exception_matches(Context& cx, Value e, Value what) {
  if (is_tuple(what)) {
    auto* t = what.as<Tuple>();
    for (size_t k = 0; k < t->length; ++k)
      if (TRY(exception_matches(cx, e, (*t)[k]))) return true;
    return false;
  }
  return is_type(what) && is_subtype(type_of(e), as_type(what));
}

namespace {
Result<void> check_exception_classes(Context& cx, Value what, const char* text) {
  auto ok = [](Value v) {
    return is_type(v) && is_subtype(as_type(v), exception_type(kBaseException));
  };
  if (is_tuple(what)) {
    auto* t = what.as<Tuple>();
    for (size_t k = 0; k < t->length; ++k)
      if (!ok((*t)[k])) return raise(cx, kTypeError, "%s", text);
    return {};
  }
  if (!ok(what)) return raise(cx, kTypeError, "%s", text);
  return {};
}
}  // namespace

Flow do_CHECK_EXC_MATCH(Context& cx, FrameRecord* f, Instr i) {
  const Value what = f->regs[i.c];
  DO(check_exception_classes(
      cx, what, "catching classes that do not inherit from BaseException is not allowed"));
  f->regs[i.a] = of_bool(DO(exception_matches(cx, f->regs[i.b], what)));
  return Flow::kNext;
}

Flow do_CHECK_EG_MATCH(Context& cx, FrameRecord* f, Instr i) {
  const Value e = f->regs[i.b], what = f->regs[i.c];
  DO(check_exception_classes(
      cx, what, "catching classes that do not inherit from BaseException is not allowed"));
  bool names_group = false;
  auto is_group = [](Value v) {
    return is_type(v) && is_subtype(as_type(v), exception_type(kBaseExceptionGroup));
  };
  if (is_tuple(what)) {
    for (size_t k = 0; k < what.as<Tuple>()->length; ++k)
      names_group |= is_group((*what.as<Tuple>())[k]);
  } else {
    names_group = is_group(what);
  }
  if (names_group) {
    (void)raise(cx, kTypeError,
                "catching ExceptionGroup with except* is not allowed. Use except instead.");
    return Flow::kRaise;
  }
  if (e == kNone) {
    f->regs[i.a] = f->regs[i.a + 1] = kNone;
    return Flow::kNext;
  }
  if (!is_subtype(type_of(e), exception_type(kBaseExceptionGroup))) {
    const bool match = DO(exception_matches(cx, e, what));
    // A naked exception is wrapped, so that the handler always sees a group.
    const Value wrapped = match ? DO(wrap_in_group(cx, e)) : Value();
    f->regs[i.a] = match ? wrapped : kNone;
    f->regs[i.a + 1] = match ? kNone : e;
    return Flow::kNext;
  }
  if (DO(exception_matches(cx, e, what))) {
    f->regs[i.a] = e;
    f->regs[i.a + 1] = kNone;
    return Flow::kNext;
  }
  const Value pair = DO(call_method(cx, e, "split", {what}));
  if (!is_tuple(pair) || pair.as<Tuple>()->length != 2) {
    (void)raise(cx, kTypeError, "%s.split must return a tuple, not %s", TYPE_NAME(e),
                TYPE_NAME(pair));
    return Flow::kRaise;
  }
  f->regs[i.a] = (*pair.as<Tuple>())[0];
  f->regs[i.a + 1] = (*pair.as<Tuple>())[1];
  return Flow::kNext;
}

Flow do_PREP_RERAISE_STAR(Context& cx, FrameRecord* f, Instr i) {
  f->regs[i.a] = DO(reraise_star(cx, f->regs[i.b], f->regs[i.c].as<List>()));
  return Flow::kNext;
}

// --- with ----------------------------------------------------------------------------------------

namespace {

Flow enter_context(Context& cx, FrameRecord* f, Instr i, Dunder enter, Dunder exit,
                   const char* protocol, const char* exit_name) {
  const Value manager = f->regs[i.b];
  Value enter_self, exit_self;
  const Value enter_method = DO(load_special(cx, manager, enter, &enter_self));
  if (enter_method.is_unset()) {
    (void)raise(cx, kTypeError, "'%s' object does not support the %s protocol", TYPE_NAME(manager),
                protocol);
    return Flow::kRaise;
  }
  const Value exit_method = DO(load_special(cx, manager, exit, &exit_self));
  if (exit_method.is_unset()) {
    (void)raise(cx, kTypeError, "'%s' object does not support the %s protocol (missed %s method)",
                TYPE_NAME(manager), protocol, exit_name);
    return Flow::kRaise;
  }
  f->regs[i.a] = exit_method;
  f->regs[i.a + 1] = exit_self;
  Value* args = cx.regs_top + 3;
  args[-3] = args[-2] = args[-1] = Value();
  args[0] = enter_self;
  const size_t n = enter_self.is_unset() ? 0 : 1;
  cx.regs_top = args + 1;
  const Flow flow =
      call_value(cx, f, enter_method, args, n, nullptr, static_cast<uint16_t>(i.a + 2));
  if (flow != Flow::kFrame) cx.regs_top = f->regs + f->code->data->register_count;
  return flow;
}

// Calls the exit pair in registers r, r+1 with three arguments, into `result`.
Flow call_exit(Context& cx, FrameRecord* f, unsigned r, Value type, Value value, Value tb,
               uint16_t result) {
  Value* args = cx.regs_top + 3;
  args[-3] = args[-2] = args[-1] = Value();
  size_t n = 0;
  if (!f->regs[r + 1].is_unset()) args[n++] = f->regs[r + 1];
  args[n++] = type;
  args[n++] = value;
  args[n++] = tb;
  cx.regs_top = args + n;
  const Flow flow = call_value(cx, f, f->regs[r], args, n, nullptr, result);
  if (flow != Flow::kFrame) cx.regs_top = f->regs + f->code->data->register_count;
  return flow;
}

}  // namespace

Flow do_WITH_ENTER(Context& cx, FrameRecord* f, Instr i) {
  return enter_context(cx, f, i, Dunder::kEnter, Dunder::kExit, "context manager", "__exit__");
}
Flow do_ASYNC_WITH_ENTER(Context& cx, FrameRecord* f, Instr i) {
  return enter_context(cx, f, i, Dunder::kAEnter, Dunder::kAExit, "asynchronous context manager",
                       "__aexit__");
}
Flow do_WITH_EXIT(Context& cx, FrameRecord* f, Instr i) {
  return call_exit(cx, f, i.b, kNone, kNone, kNone, i.a);
}
Flow do_WITH_EXCEPT(Context& cx, FrameRecord* f, Instr i) {
  const Value e = f->regs[i.c];
  const Value tb = stm::Read<Exception>(cx, e.as<Exception>())->traceback;
  return call_exit(cx, f, i.b, type_of(e), e, tb.is_unset() ? kNone : tb, i.a);
}

// --- unwinding -----------------------------------------------------------------------------------

namespace {

// PEP 479: StopIteration leaving a generator becomes RuntimeError.
void convert_stop_iteration(Context& cx, Generator* g) {
  const bool async = has_shape(g, kShapeAsyncGenerator);
  const char* kind = async                           ? "async generator"
                     : has_shape(g, kShapeCoroutine) ? "coroutine"
                                                     : "generator";
  const char* what = pending_is(cx, kStopIteration)                 ? "StopIteration"
                     : async && pending_is(cx, kStopAsyncIteration) ? "StopAsyncIteration"
                                                                    : nullptr;
  if (what == nullptr) return;
  const Value cause = take_exception(cx);
  (void)raise(cx, kRuntimeError, "%s raised %s", kind, what);
  set_exception_cause(cx, cx.exception, cause);
  set_exception_context(cx, cx.exception, cause);
}

}  // namespace

Flow unwind(Context& cx, FrameRecord* entry) {
  for (;;) {
    FrameRecord* f = cx.frame;
    const CodeData* data = f->code->data;
    const auto pc = static_cast<uint32_t>(f->pc - data->instrs);
    const bool again = f->pc->op == Op::RERAISE || f->pc->op == Op::END_ASYNC_FOR ||
                       (f->pc->op == Op::RAISE && f->pc->d == 0 && cx.exception == cx.handled);
    if (!again) add_traceback(cx, f, cx.exception);
    if (const ExceptionRow* row = find_handler(*data, pc)) {
      f->regs[row->exc_register] = cx.exception;
      cx.exception = Value();
      f->pc = data->instrs + row->target;
      cx.regs_top = f->regs + data->register_count;
      return Flow::kJump;
    }
    if (!f->generator.is_unset()) {
      auto* g = f->generator.as<Generator>();
      finish_generator(cx, g);
      convert_stop_iteration(cx, g);
    }
    const bool to_native = f->on_return == OnReturn::kNative;
    const bool is_step = f->on_return == OnReturn::kForIter || f->on_return == OnReturn::kFilter;
    const bool is_async_step = f->on_return == OnReturn::kStep;
    DCHECK(!to_native || f == entry);
    pop_frame(cx);
    if (to_native) {
      cx.regs_top = f->regs;
      return Flow::kExit;
    }
    FrameRecord* caller = cx.frame;
    cx.regs_top = caller->regs + caller->code->data->register_count;
    if (caller < cx.watermark) save_outer_frame(cx, caller);
    if (is_async_step) {
      bool over;
      auto* op = caller->regs[caller->pc->a].as<AsyncGenOp>();
      (void)end_async_step(cx, op, Error{}, false, &over);
    }
    if (is_step && pending_is(cx, kStopIteration)) {  // the end of the loop
      clear_exception(cx);
      caller->pc += 1 + caller->pc->jump16();
      return Flow::kJump;
    }
  }
}

}  // namespace pystm::vm
