// What traces call to raise, unwind and handle exceptions. Tracebacks are made as the interpreter
// makes them; the object of an inlined frame is made when the first exception passes it.
#include "jit/descriptors.h"
#include "jit/ir.h"
#include "jit/residual.h"
#include "vm/interp/frames.h"
#include "vm/runtime/context.h"

namespace pystm::jit {

using namespace vm;

namespace {

Result<Value> raise_instance(Context& cx, Value e) {
  (void)raise_value(cx, e);
  return kNone;
}
Result<Value> set_cause(Context& cx, Value e, Value cause) {
  set_exception_cause(cx, e, cause);
  return kNone;
}
Result<Value> take(Context& cx) { return take_exception(cx); }
Result<Value> handle(Context& cx, Value e) {
  const Value before = cx.handled;
  cx.handled = e == kNone ? Value() : e;
  return before.is_unset() ? kNone : before;
}
Result<Value> running_frame(Context& cx) { return frame_object(cx, cx.frame); }
Result<Value> new_frame(Context& cx, Value function, Value code) {
  auto* f = function.as<Function>();
  return Value(new_frame_object(cx, code.as<Code>(), f->globals, f->builtins, function));
}
Result<Value> traceback(Context& cx, Value e, Value frame, int64_t pc) {
  add_traceback_entry(cx, frame.as<vm::Frame>(), static_cast<Word>(pc), e);
  return kNone;
}
// `locals`: the frame's registers up to the last that holds something. back: None, a Frame, or
// unset: that of the running frame, if it has one.
Result<Value> end_frame(Context& cx, Value frame, Value locals, Value back, int64_t pc) {
  const CodeData* d = frame.as<vm::Frame>()->code->data;
  auto* given = locals.as<Tuple>();
  const size_t n = d->nlocals + d->ncells + d->nfrees;
  Value* window = cx.regs_top;  // above all frames: scratch
  if (window + n + kRegisterSlack > cx.regs_limit) return raise_recursion(cx, "");
  for (size_t k = 0; k < n; ++k) window[k] = k < given->length ? (*given)[k] : Value();
  cx.regs_top = window + n;
  end_frame_object(cx, frame.as<vm::Frame>(), window,
                   back.is_unset() ? cx.frame->frame_object : back, static_cast<Word>(pc));
  cx.regs_top = window;
  return kNone;
}

constexpr uint16_t kMaker = kCallFails | kCallCollects | kCallReads | kCallWrites;
constexpr uint64_t kWrites = uint64_t{1} << static_cast<unsigned>(Alias::Exception);
constexpr Type W = Type::Word;

}  // namespace

const CallInfo kCallRaise = {"raise", Entry<&raise_instance>, W, kMaker, 1, {W}, kWrites};
const CallInfo kCallSetCause = {"set_cause", Entry<&set_cause>, W, kMaker, 2, {W, W}, kWrites};
const CallInfo kCallTakeException = {"take_exception", Entry<&take>, W, kMaker, 0, {}, kWrites};
const CallInfo kCallHandle = {"handle", Entry<&handle>, W, kMaker, 1, {W}, kWrites};
const CallInfo kCallRunningFrame = {"running_frame", Entry<&running_frame>, W, kMaker, 0, {},
                                    kWrites};
const CallInfo kCallNewFrame = {"new_frame", Entry<&new_frame>, W, kMaker, 2, {W, W}, kWrites};
const CallInfo kCallAddTraceback = {"traceback", Entry<&traceback>, W,      kMaker,
                                    3,           {W, W, Type::I64}, kWrites};
const CallInfo kCallEndFrame = {"end_frame", Entry<&end_frame>,    W,      kMaker,
                                4,           {W, W, W, Type::I64}, kWrites};

}  // namespace pystm::jit
