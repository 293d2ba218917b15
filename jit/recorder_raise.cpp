// Recording exceptions: one that is raised and handled within the trace is a jump to its handler.
// What the interpreter's unwind() does on the way, the trace does by calls: tracebacks, objects of
// the frames that they name, the exception being handled.
//
// A call that a handler of the trace stands around is made so that it does not fail: it gives
// kRaised with the exception pending, and a guard tells the two outcomes apart. An exit with an
// exception pending raises it (driver.cpp), at the bytecode of its snapshot.
#include "jit/recorder.h"
#include "jit/residual.h"
#include "vm/interp/frames.h"
#include "vm/object/exception.h"
#include "vm/object/sequence.h"
#include "vm/runtime/operators.h"

namespace pystm::jit {

using namespace vm;

namespace {

uint32_t pc_of(const FrameRecord* f) {
  return static_cast<uint32_t>(f->pc - f->code->data->instrs);
}
bool is_stop(Value e) { return is_subtype(type_of(e), exception_type(kStopIteration)); }
bool is_step(const FrameRecord* f) {
  return f->on_return == OnReturn::kForIter || f->on_return == OnReturn::kFilter;
}

}  // namespace

// --- finding the handler -------------------------------------------------------------------------

// The frame of the trace whose handler is next, or null: the exception leaves the trace, or passes
// a generator. `stop_iteration`: FOR_ITER takes it from a step it has called.
const FrameRecord* Recorder::handling_frame(bool stop_iteration) const {
  for (const FrameRecord* f = f_;; --f) {
    if (find_handler(*f->code->data, pc_of(f)) != nullptr) return f;
    if (f == root_ || !f->generator.is_unset()) return nullptr;
    if (stop_iteration && is_step(f)) return f - 1;
  }
}

bool Recorder::in_generator() const {
  for (const FrameRecord* f = f_; f > root_; --f)
    if (!f->generator.is_unset()) return true;
  return false;
}

// A call that may raise.
IrRef Recorder::call_catching(const CallInfo& info, std::span<const IrRef> args) {
  const CallInfo& form = handling_frame(false) == nullptr ? info : catching(info);
  if (&form == &info) return e_.call(info, args);
  settle_catch();
  return caught_ = e_.call(form, args);
}

// The last call has raised nothing.
void Recorder::settle_catch() {
  if (caught_ != kNoRef) e_.guard_is_not(caught_, e_.trace().word_const(kRaised));
  caught_ = kNoRef;
}

// --- frames --------------------------------------------------------------------------------------

IrRef Recorder::frame_object_of(const FrameRecord* f) {
  if (f == root_) return e_.call(kCallRunningFrame, {});
  const Frame here = e_.frame();
  if (here.object != kNoRef) return here.object;
  const IrRef object = e_.call(kCallNewFrame, {here.function, here.code});
  e_.set_frame_object(object);
  return object;
}

// The innermost frame, inlined, ends.
void Recorder::leave_frame(const FrameRecord* f) {
  const IrRef object = e_.frame().object;
  if (object != kNoRef) {
    const CodeData* d = f->code->data;
    const IrRef locals = tuple_of_registers(0, d->nlocals + d->ncells + d->nfrees);
    if (locals == kNoRef) {
      stop("exception in a frame of many variables");
      return;
    }
    const FrameRecord* caller = f - 1;
    IrRef back = e_.caller_frame().object;
    if (caller != root_ && back == kNoRef) back = e_.trace().word_const(kNone);
    if (back == kNoRef) back = e_.trace().word_const(Value());
    e_.call(kCallEndFrame, {object, locals, back, e_.trace().int_const(pc_of(f))});
  }
  e_.pop_frame();
}

// --- raising -------------------------------------------------------------------------------------

Flow Recorder::raise(Instr i) {
  if (i.d == 0) return stop("raise of what is handled");
  V e = reg(i.a);
  const bool is_class = is_type(e.value) && makes_plain_exceptions(as_type(e.value));
  if (!is_class && !is_exception(e.value)) return stop("raise of a class of its own");
  vm::Type* type = is_class ? as_type(e.value) : type_of(e.value);
  if (handling_frame(is_subtype(type, exception_type(kStopIteration))) == nullptr)
    return stop("exception that leaves the trace");
  if (is_class) e_.guard_is(e.ref, constant_ref(e.value));
  e.ref = is_class ? make_exception({.callable = e}, as_type(e.value)) : guard_type(e);
  if (i.d == 2) {
    const V cause = reg(i.b);
    if (cause.value != kNone && !is_exception(cause.value)) return stop("raise from a class");
    guard_type(cause);
    e_.call(kCallSetCause, {e.ref, cause.ref});
  }
  e_.call(kCallRaise, {e.ref});
  raised_ = e.ref;
  return Flow::kNext;
}

Flow Recorder::reraise(Instr i) {
  const V e = reg(i.a);
  if (handling_frame(is_stop(e.value)) == nullptr) return stop("exception that leaves the trace");
  guard_type(e);
  raised_ = e.ref;
  return Flow::kNext;
}

// What is pending now has been raised by the instruction noted last, or above a side trace. The
// interpreter will unwind() likewise. False: the trace cannot go on.
bool Recorder::unwind(bool above) {
  f_ = cx_.frame;
  const bool again = f_->pc->op == Op::RERAISE;
  const bool known = raised_ != kNoRef;
  const FrameRecord* const to = handling_frame(known && is_stop(cx_.exception));
  if (to == nullptr) stop("exception that leaves the trace");
  for (const FrameRecord* f = f_; to != nullptr && f > to && !known; --f)
    if (is_step(f)) stop("exception of a step");
  if (!known && caught_ == kNoRef && !above) stop("native that raises");
  if (why_ != nullptr) return false;
  Trace& t = e_.trace();
  if (caught_ != kNoRef) e_.guard_raised(caught_, t.word_const(kRaised), pc_index() + 1);
  IrRef exception = raised_;
  if (!again) {
    const IrRef taken = e_.call(kCallTakeException, {});
    if (!known) exception = taken;
  }
  caught_ = raised_ = kNoRef;
  open_.what = Open::kNothing;
  for (const FrameRecord* f = f_;; --f) {
    if (!(again && f == f_) && !f->code->data->hidden)
      e_.call(kCallAddTraceback, {exception, frame_object_of(f), t.int_const(pc_of(f))});
    if (f == to) break;
    leave_frame(f);
    if (why_ != nullptr) return false;
  }
  std::erase_if(passes_, [&](const Pass& p) { return p.frame > to; });
  if (const ExceptionRow* row = find_handler(*to->code->data, pc_of(to)))
    e_.set_slot(row->exc_register, exception);
  return true;
}

// --- handling ------------------------------------------------------------------------------------

Flow Recorder::enter_handler(Instr i) {
  if (in_generator()) return stop("handler in a generator");
  return set_after(i.a, e_.call(kCallHandle, {e_.box(reg(i.b).ref)}));
}

Flow Recorder::leave_handler(Instr i) {
  e_.call(kCallHandle, {e_.box(reg(i.a).ref)});
  return Flow::kNext;
}

// The classes that a handler, or isinstance(), names: each guarded. False: not only classes.
bool Recorder::guard_classes(V of, std::vector<Value>* classes) {
  std::vector<V> all{of};
  if (is_exact_tuple(of.value)) {
    auto* t = of.value.as<Tuple>();
    const IrRef tuple = guard_object(of, kShapeTuple);
    e_.guard_int(Cond::eq, e_.load(tuple, field::Tuple::length),
                 e_.trace().int_const(static_cast<int64_t>(t->length)));
    all.clear();
    for (size_t k = 0; k < t->length; ++k)
      all.push_back({(*t)[k], e_.load_item(tuple, e_.trace().int_const(static_cast<int64_t>(k)),
                                           array::TupleItems)});
  }
  for (const V& c : all) {
    if (!is_type(c.value)) return false;
    e_.guard_is(c.ref, constant_ref(c.value));
    classes->push_back(c.value);
  }
  return true;
}

Flow Recorder::match_exception(Instr i) {
  const V e = reg(i.b), what = reg(i.c);
  std::vector<Value> classes;
  if (!guard_classes(what, &classes)) return stop("except of no class");
  bool answer = false;
  for (const Value c : classes) {
    if (!is_subtype(as_type(c), exception_type(kBaseException))) return stop("except of no class");
    answer |= is_subtype(type_of(e.value), as_type(c));
  }
  guard_type(e);
  return set_after(i.a, e_.trace().word_const(of_bool(answer)));
}

Flow Recorder::with_except(Instr i) {
  const V e = reg(i.c), self = reg(i.b + 1u);
  const IrRef o = guard_type(e);
  const V traceback{stm::Read<Exception>(cx_, e.value.as<Exception>())->traceback,
                    e_.load(o, field::Exception::traceback)};
  e_.read_check(o);
  if (traceback.value.is_unset()) return stop("exception without a traceback");
  (void)is_unset(traceback);
  const Value type(type_of(e.value));
  Call call{.callable = reg(i.b), .window = scratch(3), .result = i.a};
  if (!is_unset(self)) call.arguments.push_back(self);
  call.arguments.insert(call.arguments.end(), {{type, constant_ref(type)}, e, traceback});
  return call_value(std::move(call));
}

}  // namespace pystm::jit
