// Recording calls: Python functions with all that binding does, C++ functions, returns.
#include <algorithm>
#include <string_view>

#include "jit/recorder.h"
#include "jit/residual.h"
#include "jit/runtime.h"
#include "vm/object/dict.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"

namespace pystm::jit {

using namespace vm;

// --- Python functions ----------------------------------------------------------------------------

// A function that the trace knows is itself; of others, lambdas above all, there may be many with
// the same code.
IrRef Recorder::guard_function(V callable) {
  auto* fn = callable.value.as<Function>();
  Trace& t = e_.trace();
  if (is_const(callable.ref)) return callable.ref;
  const IrRef f = guard_object(callable, kShapeFunction);
  const IrRef code = e_.load(f, field::Function::code);
  const IrRef globals = e_.load(f, field::Function::globals);
  const IrRef builtins = e_.load(f, field::Function::builtins);
  e_.read_check(f);
  e_.guard_is(code, t.ref_const(stm::Read<Function>(cx_, fn)->code.ptr));
  e_.guard_is(globals, t.ref_const(fn->globals.ptr));
  e_.guard_is(builtins, t.ref_const(fn->builtins.ptr));
  return f;
}

Recorder::V Recorder::argument(int r) { return {f_->regs[r], e_.slot(r)}; }

// The values of the callee's parameters, as bind_arguments() would set them; false: stopped.
bool Recorder::bind(const Call& call, IrRef function, vm::Code* code, std::vector<IrRef>* params) {
  auto* fn = call.callable.value.as<Function>();
  const CodeData& d = *code->data;
  Trace& t = e_.trace();
  const unsigned keywords = call.names == nullptr ? 0 : static_cast<unsigned>(call.names->length);
  const unsigned positional = static_cast<unsigned>(call.arguments.size()) - keywords;
  const unsigned total = d.argcount + d.kwonly_count;
  const bool varargs = d.flags & kCoVarArgs, varkw = d.flags & kCoVarKeywords;
  const unsigned direct = std::min<unsigned>(positional, d.argcount);
  const auto refuse = [&](const char* why) {
    stop(why);
    return false;
  };
  if (positional > d.argcount && !varargs) return refuse("too many arguments");
  params->assign(total + varargs + varkw, kNoRef);
  std::vector<IrRef> named;  // what **named takes
  for (unsigned k = 0; k < direct; ++k) (*params)[k] = call.arguments[k].ref;
  if (varargs) {
    std::vector<IrRef> rest;
    for (unsigned k = direct; k < positional; ++k) rest.push_back(e_.box(call.arguments[k].ref));
    (*params)[total] = make_tuple(rest);
  }
  for (unsigned k = 0; k < keywords; ++k) {
    unsigned at = d.posonly_count;
    while (at < total && !str_equal((*code->varnames)[at].as<Str>(), (*call.names)[k].as<Str>()))
      ++at;
    const IrRef value = call.arguments[positional + k].ref;
    if (at == total && varkw) {
      named.insert(named.end(), {constant_ref((*call.names)[k]), e_.box(value)});
      continue;
    }
    if (at == total || (*params)[at] != kNoRef) return refuse("keyword argument that does not fit");
    (*params)[at] = value;
  }
  if (named.size() > kMostWords) return refuse("call with many keywords");
  if (varkw) params->back() = make_display(kCallBuildMap, std::move(named));
  const auto missing = [&](unsigned from, unsigned to) {
    return std::find(params->begin() + from, params->begin() + to, kNoRef) != params->begin() + to;
  };
  const stm::Read<Function> seen(cx_, fn);
  if (missing(direct, d.argcount)) {
    if (!is_exact_tuple(seen->defaults)) return refuse("missing argument");
    auto* defaults = seen->defaults.as<Tuple>();
    const IrRef tuple = e_.load(function, field::Function::defaults);
    e_.read_check(function);
    e_.guard_is(tuple, constant_ref(seen->defaults));
    for (unsigned k = direct; k < d.argcount; ++k) {
      if ((*params)[k] != kNoRef) continue;
      if (k + defaults->length < d.argcount) return refuse("missing argument");
      (*params)[k] = constant_ref((*defaults)[k + defaults->length - d.argcount]);
    }
  }
  if (missing(d.argcount, total)) {
    if (!is_exact_dict(seen->kwdefaults)) return refuse("missing argument");
    const IrRef table = e_.load(function, field::Function::kwdefaults);
    e_.read_check(function);
    e_.guard_is(table, constant_ref(seen->kwdefaults));
    for (unsigned k = d.argcount; k < total; ++k) {
      const Value name = (*code->varnames)[k];
      if ((*params)[k] != kNoRef) continue;
      if (dict_get_str(cx_, seen->kwdefaults.as<Dict>(), name.as<Str>()).is_unset())
        return refuse("missing argument");
      (*params)[k] = e_.call(kCallGetItem,
                             {t.ref_const(seen->kwdefaults.object()), t.ref_const(name.object())});
    }
  }
  return true;
}

Flow Recorder::enter(const Call& call) {
  constexpr unsigned kInlineDepth = 20, kUnrollRecursion = 2;
  auto* fn = call.callable.value.as<Function>();
  Code* code = stm::Read<Function>(cx_, fn)->code;
  if (e_.depth() >= kInlineDepth) return stop("calls too deep");
  unsigned same = 0;
  for (const FrameRecord* f = f_; f >= root_; --f) same += f->code.ptr == code;
  if (same > kUnrollRecursion) {
    note_recursive(code->data);
    return stop("recursion");
  }
  const IrRef function = guard_function(call.callable);
  std::vector<IrRef> params;
  if (!bind(call, function, code, &params)) return Flow::kNext;
  Trace& t = e_.trace();
  Frame callee;
  callee.code = t.ref_const(code);
  callee.function = function;
  callee.init_self = call.init_self;
  callee.result = call.result;
  callee.on_return = call.on_return;
  settle_catch();
  e_.push_frame(callee, call.window);
  const IrRef unset = t.word_const(Value());
  const CodeData* d = code->data;
  for (unsigned k = 0; k < params.size(); ++k) e_.set_slot(static_cast<int>(k), params[k]);
  for (size_t k = params.size(), n = d->nlocals + d->ncells + d->nfrees; k < n; ++k)
    e_.set_slot(static_cast<int>(k), unset);
  return Flow::kNext;
}

// The registers above this frame's window, where the interpreter lays out what it calls itself;
// `spare` of them are left free.
int Recorder::scratch(int spare) const { return f_->code->data->register_count + spare; }

// A method that a type's slot or an inline cache has named, self first.
Flow Recorder::enter_method(Value method, std::initializer_list<V> arguments, uint16_t result,
                            OnReturn on_return) {
  return enter({.callable = {method, constant_ref(method)},
                .arguments = arguments,
                .window = scratch(2),
                .result = result,
                .on_return = on_return});
}

bool Recorder::guard_iterator(V v) {
  if (lookup_dunder(v.value, Dunder::kNext).is_unset()) return false;
  guard_type(v);
  return true;
}

// Guards that a value is what the caller takes that gets it in such a way; else why it is not.
const char* Recorder::guard_returned(OnReturn how, V v) {
  switch (how) {
    case OnReturn::kStore:
    case OnReturn::kDrop:
    case OnReturn::kKernel:
    case OnReturn::kForIter:  // of no generator
      return nullptr;
    case OnReturn::kIterator:
      if (!guard_iterator(v)) return "iter() of no iterator";
      return nullptr;
    case OnReturn::kAwait:
      if (has_shape(v.value, kShapeCoroutine) || !guard_iterator(v))
        return "__await__() of no iterator";
      return nullptr;
    case OnReturn::kAIter:
      if (lookup_dunder(v.value, Dunder::kANext).is_unset()) return "__aiter__() of no iterator";
      guard_type(v);
      return nullptr;
    case OnReturn::kInit:
      if (!is_singleton(v, kNone)) return "__init__ that returns something";
      return nullptr;
    case OnReturn::kOperator:
      if (v.value == kNotImplemented) return "operator that declines";
      if (!is_const(v.ref)) (void)is_not(v, kNotImplemented);
      return nullptr;
    default:
      return "return to a primitive";
  }
}

// The trace ends, and whatever is compiled for the caller goes on.
Flow Recorder::return_from_root(V v) {
  if (!is_side_ && loop_end_ != 0) {
    left_loop_ = true;
    return stop("leaves the loop");
  }
  if (!f_->generator.is_unset()) return switch_by(kCallFinish, {v.ref});
  if (const char* why = guard_returned(f_->on_return, v)) return stop(why);
  returned_ = v.ref;
  return Flow::kNext;
}

Flow Recorder::return_value(V v) {
  if (f_ == root_) return return_from_root(v);
  const Frame done = e_.frame();
  if (done.generator != 0) return finish_generator(v);
  IrRef result = v.ref;
  bool wanted = done.on_return != OnReturn::kDrop;
  switch (done.on_return) {
    case OnReturn::kFilter:
      if (!guard_truth(v, &wanted)) return stop("truth of an object");
      result = done.init_self;
      break;
    case OnReturn::kCondition:
      if (v.value == kNotImplemented || !guard_truth(v, &wanted))
        return stop("comparison that declines");
      wanted = false;  // the branch that is taken tells
      break;
    default:
      if (const char* why = guard_returned(done.on_return, v)) return stop(why);
      if (done.on_return == OnReturn::kInit) result = done.init_self;
  }
  leave_frame(f_);
  if (wanted) e_.set_slot(done.result, result);
  return Flow::kNext;
}

// --- C++ functions -------------------------------------------------------------------------------

namespace {

// The argument kinds of a function that is safe for them (natives.def), or null.
const char* kinds_of(const Builtin* b) {
  struct Row {
    std::string_view owner, name;
    const char* kinds;
  };
  static constexpr Row kRows[] = {
#define NATIVE(owner, name, kinds) {#owner, #name, kinds},
#include "jit/natives.def"
  };
  const Value owner = is_type(b->owner) ? as_type(b->owner)->name : b->owner;
  if (!is_flat_str(owner)) return nullptr;
  const std::string text = to_utf8(owner.as<Str>());
  for (const Row& row : kRows)
    if (row.owner == text && row.name == b->def->name) return row.kinds;
  return nullptr;
}

}  // namespace

bool iterates_in_cpp(Value v) {
  return is_exact_list(v) || is_exact_tuple(v) || is_exact_dict(v) || is_exact_set(v) ||
         has_shape(v, kShapeFrozenSet) || has_shape(v, kShapeRange) || is_exact_str(v) ||
         is_exact_bytes(v);
}

// Guards that an argument is of a kind of natives.def; false: it is not.
bool Recorder::guard_kind(char kind, V v, const Builtin* b) {
  double d;
  switch (kind) {
    case 's':
      if (!is_type(b->owner) || type_of(v.value) != as_type(b->owner)) return false;
      guard_type(v);
      return true;
    case 'p':
      return guard_plain(v);
    case 'k':
      return guard_key(v);
    case 'n':
      if (!is_exact_int(v.value) && !float_of(v.value, &d)) return false;
      guard_type(v);
      return true;
    case 'c':
      if (!iterates_in_cpp(v.value)) return false;
      guard_type(v);
      return true;
    case 'l':
      if (!iterates_in_cpp(v.value)) return false;
      guard_type(v);
      e_.guard_is(e_.call(kCallAllPlain, {v.ref}), e_.trace().word_const(kTrue));
      return true;
    case 't':
      if (!is_dict(v.value)) return false;
      guard_type(v);
      return true;
    case 'd':
      if (!is_exact_dict(v.value)) return false;
      guard_type(v);
      return true;
    default:
      return !v.value.is_unset();
  }
}

// A scalar of a builtin type, or a tuple of such; of keys: or an object equal to itself only.
bool Recorder::guard_test(V v, bool passes, const CallInfo& test) {
  if (!passes) return false;
  guard_type(v);
  if (is_exact_tuple(v.value) && v.value.as<Tuple>()->length != 0)
    e_.guard_is(e_.call(test, {v.ref}), e_.trace().word_const(kTrue));
  return true;
}
bool Recorder::guard_plain(V v) { return guard_test(v, is_plain(v.value), kCallIsPlain); }
bool Recorder::guard_key(V v) { return guard_test(v, is_plain_key(v.value), kCallIsPlainKey); }
// Of a call that hashes by hash_plainly(): what is in a tuple shows then.
bool Recorder::guard_hashed_key(V v) {
  if (!is_plain_key(v.value)) return false;
  guard_type(v);
  return true;
}

// What programs do with tables all the time, without the general call. kExit: nothing was emitted.
Flow Recorder::table_native(const Call& call, const Builtin* b) {
  const std::string_view name = b->def->name;
  const auto& a = call.arguments;
  if (a.size() < 2 || !is_plain_key(a[1].value)) return Flow::kExit;
  const IrRef none = e_.trace().word_const(kNone);
  if (b->owner == Value(types().dict) && name == "get" && is_dict(a[0].value) && a.size() <= 3) {
    const IrRef fallback = a.size() == 3 ? e_.box(a[2].ref) : none;
    if (const Known known = known_item(a[0], a[1]); known.container)
      return set_after(call.result, known.item != kNoRef ? known.item : fallback);
    const IrRef d = guard_type(a[0]);
    (void)guard_hashed_key(a[1]);
    return set_after(call.result, call_plainly(kCallDictGet, {d, e_.box(a[1].ref), fallback}));
  }
  if (b->owner != Value(types().set) || !is_exact_set(a[0].value) || a.size() != 2 ||
      (name != "add" && name != "discard"))
    return Flow::kExit;
  const IrRef s = guard_type(a[0]);
  (void)guard_hashed_key(a[1]);
  call_plainly(name == "add" ? kCallSetAdd : kCallSetDiscard, {s, e_.box(a[1].ref)});
  return set_after(call.result, none);
}

Flow Recorder::length_of(const Call& call) {
  const V x = call.arguments[0];
  if (const auto* parts = parts_of(x)) {
    const auto n = static_cast<int64_t>(parts->size());
    return set_after(call.result, e_.trace().int_const(is_exact_dict(x.value) ? n / 2 : n));
  }
  if (is_exact_list(x.value)) {
    const IrRef l = guard_object(x, kShapeList);
    const IrRef size = e_.load(l, field::List::size);
    e_.read_check(l);
    return set_after(call.result, size);
  }
  if (is_exact_tuple(x.value))
    return set_after(call.result, e_.load(guard_object(x, kShapeTuple), field::Tuple::length));
  if (is_exact_bytes(x.value))
    return set_after(call.result, e_.load(guard_object(x, kShapeBytes), field::Bytes::length));
  if (is_exact_str(x.value))  // a rope has its length at the same place
    return set_after(call.result, e_.load(guard_type(x), field::Str::length));
  if (is_exact_dict(x.value) || is_exact_set(x.value)) {
    const IrRef o = guard_type(x);
    const IrRef used = e_.load(o, is_exact_dict(x.value) ? field::Dict::used : field::Set::used);
    e_.read_check(o);
    return set_after(call.result, used);
  }
  const IrRef size = native_length(x);
  return size == kNoRef ? Flow::kExit : set_after(call.result, size);
}

// Of an object whose class is one of C++, which counts without Python code; else kNoRef.
IrRef Recorder::native_length(V x) {
  if (!x.value.is_object() || (type_of(x.value)->flags & kTypeHeap) != 0 ||
      lookup_dunder(x.value, Dunder::kLen).is_unset())
    return kNoRef;
  guard_type(x);
  return e_.check_int(e_.call(kCallLength, {x.ref}));
}

// ord() of one Latin-1 character.
Flow Recorder::character_of(const Call& call) {
  const V x = call.arguments[0];
  if (!has_shape(x.value, kShapeLatin1Str) || x.value.as<Str>()->length != 1) return Flow::kExit;
  const IrRef text = guard_object(x, kShapeLatin1Str);
  Trace& t = e_.trace();
  e_.guard_int(Cond::eq, e_.load(text, field::Str::length), t.int_const(1));
  return set_after(call.result, e_.load_item(text, t.int_const(0), array::Latin1));
}

// isinstance() of a class or a tuple of classes is settled by the object's type.
Flow Recorder::is_instance(const Call& call) {
  const V x = call.arguments[0], of = call.arguments[1];
  const auto plain_class = [](Value v) { return is_type(v) && type_of(v) == types().type; };
  const Value own_class = type_lookup(type_of(x.value), names().__class__);
  if (own_class != type_lookup(types().object, names().__class__))
    return stop("isinstance of an object with a __class__");
  std::vector<Value> classes;
  if (!guard_classes(of, &classes)) return stop("isinstance of such a class");
  bool answer = false;
  for (const Value c : classes) {
    if (!plain_class(c)) return stop("isinstance of such a class");
    answer |= is_subtype(type_of(x.value), as_type(c));
  }
  guard_type(x);
  return set_after(call.result, e_.trace().word_const(of_bool(answer)));
}

// min() and max() of numbers of one type, abs() of a number.
Flow Recorder::choose(const Call& call, bool least) {
  const CompareOp op = least ? CompareOp::kLt : CompareOp::kGt;
  const auto all = [&](auto test) {
    return std::all_of(call.arguments.begin(), call.arguments.end(),
                       [&](const V& v) { return test(v.value); });
  };
  double d;
  const bool ints = all([](Value v) { return v.is_int(); });
  if (!ints && !all([&](Value v) { return float_of(v, &d); })) return Flow::kExit;
  V best = call.arguments[0];
  for (const V& v : std::span(call.arguments).subspan(1)) {
    // The later one wins only if it is really less (greater).
    const bool wins = ints ? both_int(best, v) && int_compare(op, v, best)
                           : both_float(best, v) && float_compare(op, v, best);
    if (wins) best = v;
  }
  return set_after(call.result, best.ref);
}

Flow Recorder::absolute(const Call& call) {
  const V x = call.arguments[0];
  double d;
  if (float_of(x.value, &d))
    return set_after(call.result, e_.emit(Ir::AbsF, e_.check_float(x.ref)));
  if (!x.value.is_int()) return Flow::kExit;
  const bool negative = x.value.as_int() < 0;
  const IrRef zero = e_.trace().int_const(0);
  e_.guard_int(Cond::lt, as_int(x), zero, negative);
  return set_after(call.result, negative ? e_.emit(Ir::SubOv, zero, as_int(x)) : as_int(x));
}

// What is recorded as IR of its own. kExit: nothing was emitted, go on.
Flow Recorder::inline_native(const Call& call, const Builtin* b) {
  if (const Flow flow = synchronise(call, b); flow != Flow::kExit) return flow;
  const std::string_view name = b->def->name;
  const size_t n = call.arguments.size();
  if (name == "append" && n == 2 && is_exact_list(call.arguments[0].value)) {
    const IrRef l = guard_object(call.arguments[0], kShapeList);
    e_.call(kCallListAppend, {l, e_.box(call.arguments[1].ref)});
    return set_after(call.result, e_.trace().word_const(kNone));
  }
  if ((name == "send" || name == "__next__" || name == "next") && n >= 1 &&
      has_shape(call.arguments[0].value, kShapeGenerator) && n <= 2 &&
      (n == 2) == (name == "send")) {
    const V none{kNone, e_.trace().word_const(kNone)};
    return resume(call.arguments[0], n == 2 ? call.arguments[1] : none, OnReturn::kStore,
                  call.result);
  }
  if (name == "send" && n == 2 && has_shape(call.arguments[0].value, kShapeCoroutine))
    return resume(call.arguments[0], call.arguments[1], OnReturn::kStore, call.result);
  if (const Flow flow = attribute_native(call, b); flow != Flow::kExit) return flow;
  if (const Flow flow = table_native(call, b); flow != Flow::kExit) return flow;
  if (is_type(b->owner)) return Flow::kExit;
  if (name == "len" && n == 1) return length_of(call);
  if (name == "ord" && n == 1) return character_of(call);
  if (name == "isinstance" && n == 2) return is_instance(call);
  if (name == "min" && n >= 2) return choose(call, true);
  if (name == "max" && n >= 2) return choose(call, false);
  if (name == "abs" && n == 1) return absolute(call);
  if (name == "sqrt" && n == 1) {
    double d;
    const V x = call.arguments[0];
    if (!float_of(x.value, &d) || !(d >= 0)) return Flow::kExit;
    const IrRef v = e_.check_float(x.ref);
    e_.guard_float(Cond::ge, v, e_.trace().float_const(0.0));
    return set_after(call.result, e_.emit(Ir::SqrtF, v));
  }
  return Flow::kExit;
}

// Calls a C++ function that runs no Python code for such arguments; kNoRef: it may, for these.
IrRef Recorder::row_call(const Builtin* b, IrRef def, std::span<const V> arguments) {
  constexpr size_t kMost = 5;
  const size_t n = arguments.size();
  const char* kinds = kinds_of(b);
  if (n > kMost || b->def->effects > Effects::kCallsPython ||
      (kinds == nullptr && b->def->effects > Effects::kWritesSelf))
    return kNoRef;
  IrRef args[1 + kMost] = {def};
  for (size_t k = 0; k < n; ++k) {
    const V x = arguments[k];
    const bool builtin_self = k == 0 && x.value.is_object() && is_type(b->owner) &&
                              !(type_of(x.value)->flags & kTypeHeap);
    if (kinds != nullptr && (k >= std::string_view(kinds).size() || !guard_kind(kinds[k], x, b)))
      return kNoRef;
    if (kinds == nullptr) {
      if (builtin_self)
        guard_type(x);
      else if (!guard_builtin(x))
        return kNoRef;
    }
    args[k + 1] = e_.box(x.ref);
  }
  const bool reads = b->def->effects <= Effects::kReads;
  return call_plainly(native_call(n, reads), std::span<const IrRef>(args, n + 1));
}

Flow Recorder::call_native(const Call& call, const Builtin* b, IrRef def) {
  if (const Flow flow = native_kernel(call, b); flow != Flow::kExit) return flow;
  if (call.names != nullptr) return stop("native with keyword arguments");
  if (const Flow flow = inline_native(call, b); flow != Flow::kExit) return flow;
  const IrRef r = row_call(b, def, call.arguments);
  return r == kNoRef ? stop(b->def->name) : set_after(call.result, r);
}

// --- any callable --------------------------------------------------------------------------------

Flow Recorder::call_value(Call call) {
  const V callable = call.callable;
  if (!callable.value.is_object()) return stop("call of no object");
  const auto with_self = [&](V self) {
    call.arguments.insert(call.arguments.begin(), self);
    call.window -= 1;
  };
  Trace& t = e_.trace();
  switch (shape_of(callable.value.object())->kind) {
    case Kind::kFunction:
      return enter(call);
    case Kind::kBuiltin:
    case Kind::kMethodDescriptor:
    case Kind::kWrapperDescriptor:
      e_.guard_is(callable.ref, constant_ref(callable.value));
      return call_native(call, callable.value.as<Builtin>(),
                         t.ptr_const(callable.value.as<Builtin>()->def));
    case Kind::kBoundBuiltin: {
      auto* b = callable.value.as<Builtin>();
      const IrRef o = guard_object(callable, callable.value.object()->shape_id);
      const IrRef def = t.ptr_const(b->def);
      e_.guard_int(Cond::eq, e_.load(o, kDefWord),
                   t.int_const(static_cast<int64_t>(reinterpret_cast<uintptr_t>(b->def))));
      with_self({b->self, e_.load(o, field::Builtin::self)});
      return call_native(call, b, def);
    }
    case Kind::kBoundMethod: {
      auto* m = callable.value.as<BoundMethod>();
      if (!is_function(m->function)) return stop("call of a bound object");
      const IrRef o = guard_object(callable, kShapeBoundMethod);
      call.callable = {m->function, e_.load(o, field::BoundMethod::function)};
      with_self({m->self, e_.load(o, field::BoundMethod::self)});
      return enter(call);
    }
    case Kind::kType:
      return call_class(call);
    case Kind::kInstance: {
      const Value method = type_of(callable.value)->dunder(Dunder::kCall);
      if (!is_function(method)) return stop("call of an object");
      with_self({callable.value, guard_instance(callable, callable.value.object()->shape_id)});
      call.callable = {method, constant_ref(method)};
      return enter(call);
    }
    default:
      return stop("call of an object");
  }
}

// The pieces of a call window: see opcodes.def. False: stopped.
bool Recorder::read_window(Instr i, Call* call) {
  call->callable = reg(i.a);
  call->window = i.a + 2;
  call->result = i.b;
  if (!(i.d & 1)) {
    clear(i.a + 1u);
    return true;
  }
  const V self = reg(i.a + 1u);
  if (self.value.is_unset()) return is_unset(self);
  if (!is_const(self.ref)) (void)is_unset(self);
  call->window -= 1;
  call->arguments.push_back(self);
  return true;
}

Flow Recorder::call(Instr i) {
  Call call;
  (void)read_window(i, &call);
  for (int k = 0; k < i.c; ++k) call.arguments.push_back(argument(i.a + 2 + k));
  return call_value(std::move(call));
}

Flow Recorder::call_keywords(Instr i) {
  Call call;
  (void)read_window(i, &call);
  for (int k = 0; k < i.c; ++k) call.arguments.push_back(argument(i.a + 2 + k));
  const V names = argument(i.a + 2 + i.c);
  e_.guard_is(names.ref, constant_ref(names.value));
  call.names = names.value.as<Tuple>();
  return call_value(std::move(call));
}

}  // namespace pystm::jit
