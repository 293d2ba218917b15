// Out-of-line operators, attributes, items, calls and returns.
#include <cstring>

#include "vm/interp/builder.h"
#include "vm/interp/outline.h"
#include "vm/object/dict.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/copy_values.h"
#include "vm/runtime/kernels.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"
#include "vm/runtime/signature.h"

namespace pystm::vm {

template <bool kParallel>
bool InterpreterBuilder<kParallel>::same_slow(Value a, Value b) {
  return is_same(a, b);
}
template <bool kParallel>
Value InterpreterBuilder<kParallel>::box_slow(Context& cx, double d) {
  return make_float(cx, d);
}
template struct InterpreterBuilder<false>;
template struct InterpreterBuilder<true>;

namespace {

// Stores an operation's result in register `dst`.
inline Flow store(FrameRecord* f, unsigned dst, Result<Value> r) {
  if (PYSTM_UNLIKELY(r.is_error())) return Flow::kRaise;
  f->regs[dst] = r.value();
  return Flow::kNext;
}

Flow jump_to(FrameRecord* f, int32_t offset) {
  f->pc += 1 + offset;
  return Flow::kJump;
}

Flow branch(FrameRecord* f, Result<bool> r, bool sense, int32_t offset) {
  if (r.is_error()) return Flow::kRaise;
  return r.value() == sense ? jump_to(f, offset) : Flow::kNext;
}

// int (op) float and float (op) int, the common mixtures, without the generic dispatch.
bool mixed_double(Value v, double* out) {
  if (v.is_float()) {
    *out = v.as_float();
  } else if (v.is_int()) {
    *out = static_cast<double>(v.as_int());
  } else if (has_shape(v, kShapeFloatBox)) {
    *out = v.as<FloatBox>()->value;
  } else {
    return false;
  }
  return true;
}

}  // namespace

Flow call_method(Context& cx, FrameRecord* f, Value function, std::initializer_list<Value> given,
                 uint16_t result, OnReturn on_return) {
  Value* args = cx.regs_top + 2;
  args[-1] = args[-2] = Value();
  std::copy(given.begin(), given.end(), args);
  cx.regs_top = args + given.size();
  const Flow flow = call_value(cx, f, function, args, given.size(), nullptr, result);
  if (flow == Flow::kFrame)
    cx.frame->on_return = on_return;
  else
    cx.regs_top = f->regs + f->code->data->register_count;
  return flow;
}

namespace {

CompareOp compare_op_of(Op op) {
  return static_cast<CompareOp>(op >= Op::JUMP_LT
                                    ? static_cast<int>(op) - static_cast<int>(Op::JUMP_LT)
                                    : static_cast<int>(op) - static_cast<int>(Op::LT));
}
static_assert(static_cast<int>(Op::GE) - static_cast<int>(Op::LT) ==
              static_cast<int>(CompareOp::kGe));
static_assert(static_cast<int>(Op::JUMP_GE) - static_cast<int>(Op::JUMP_LT) ==
              static_cast<int>(CompareOp::kGe));
static_assert(static_cast<int>(Op::XOR) - static_cast<int>(Op::ADD) ==
              static_cast<int>(BinaryOp::kXor));

// The operator method has returned NotImplemented.
Result<Value> after_decline(Context& cx, FrameRecord* f, Instr i) {
  if (i.op >= Op::JUMP_LT && i.op <= Op::JUMP_GE)
    return compare_declined(cx, compare_op_of(i.op), f->regs[i.a], f->regs[i.b], false);
  const Value a = f->regs[i.b], b = f->regs[i.c];
  if (i.op >= Op::LT && i.op <= Op::GE)
    return compare_declined(cx, compare_op_of(i.op), a, b, false);
  const auto op = static_cast<BinaryOp>(static_cast<int>(i.op) - static_cast<int>(Op::ADD));
  return operator_declined(cx, op, i.d == 1, operator_method(op, i.d == 1, a, b).which, a, b);
}
}  // namespace

Flow outline_binary(Context& cx, FrameRecord* f, Instr i, BinaryOp op) {
  const Value a = f->regs[i.b], b = f->regs[i.c];
  double x, y;
  if (!Value::both_int(a, b) && mixed_double(a, &x) && mixed_double(b, &y)) {
    auto r = float_binary(cx, op, x, y);
    if (!r.is_error() && r.value() != kNotImplemented) return store(f, i.a, r);
    if (r.is_error()) return Flow::kRaise;
  }
  const OperatorMethod m = operator_method(op, i.d == 1, a, b);
  if (!m.function.is_unset()) {
    const bool swapped = m.which == OperatorMethod::kRight;
    return call_method(cx, f, m.function, {swapped ? b : a, swapped ? a : b}, i.a,
                       OnReturn::kOperator);
  }
  return store(f, i.a, i.d == 1 ? inplace_op(cx, op, a, b) : binary_op(cx, op, a, b));
}

Flow outline_unary(Context& cx, FrameRecord* f, Instr i) {
  const UnaryOp op = i.op == Op::NEGATIVE   ? UnaryOp::kNegative
                     : i.op == Op::POSITIVE ? UnaryOp::kPositive
                                            : UnaryOp::kInvert;
  return store(f, i.a, unary_op(cx, op, f->regs[i.b]));
}

namespace {
// Numbers of which one is a float, 0.0 above all, which has no immediate form. An int of more than
// 53 bits is compared exactly, elsewhere.
bool both_double(Value a, Value b, double* x, double* y) {
  constexpr int64_t kExact = int64_t{1} << 53;
  for (Value v : {a, b})
    if (v.is_int() && (v.as_int() > kExact || v.as_int() < -kExact)) return false;
  return !Value::both_int(a, b) && mixed_double(a, x) && mixed_double(b, y);
}
}  // namespace

Flow outline_compare(Context& cx, FrameRecord* f, Instr i, CompareOp op) {
  double x, y;
  if (both_double(f->regs[i.b], f->regs[i.c], &x, &y)) {
    f->regs[i.a] = of_bool(holds(op, x, y));
    return Flow::kNext;
  }
  const Value a = f->regs[i.b], b = f->regs[i.c];
  if (const Value m = compare_method(op, a, b); !m.is_unset())
    return call_method(cx, f, m, {a, b}, i.a, OnReturn::kOperator);
  return store(f, i.a, vm::compare(cx, op, a, b));
}
Flow outline_compare_jump(Context& cx, FrameRecord* f, Instr i, CompareOp op) {
  double x, y;
  if (both_double(f->regs[i.a], f->regs[i.b], &x, &y))
    return holds(op, x, y) == (i.d == 1) ? jump_to(f, i.jump16()) : Flow::kNext;
  const Value a = f->regs[i.a], b = f->regs[i.b];
  if (const Value m = compare_method(op, a, b); !m.is_unset())
    return call_method(cx, f, m, {a, b}, 0, OnReturn::kCondition);
  return branch(f, compare_bool(cx, op, a, b), i.d == 1, i.jump16());
}
Flow outline_truth_jump(Context& cx, FrameRecord* f, Instr i, bool sense) {
  return branch(f, truth(cx, f->regs[i.a]), sense, i.bc);
}
Flow outline_not(Context& cx, FrameRecord* f, Instr i) {
  auto r = truth(cx, f->regs[i.b]);
  if (r.is_error()) return Flow::kRaise;
  f->regs[i.a] = of_bool(!r.value());
  return Flow::kNext;
}
Flow outline_contains(Context& cx, FrameRecord* f, Instr i) {
  auto r = vm::contains(cx, f->regs[i.c], f->regs[i.b]);
  if (r.is_error()) return Flow::kRaise;
  f->regs[i.a] = of_bool(r.value() != (i.d == 1));
  return Flow::kNext;
}
Flow outline_contains_jump(Context& cx, FrameRecord* f, Instr i) {
  return branch(f, vm::contains(cx, f->regs[i.b], f->regs[i.a]), i.d == 1, i.jump16());
}

// --- attributes and items ------------------------------------------------------------------------

namespace {
Str* name_at(FrameRecord* f, unsigned n) { return f->code->names->items()[n].as<Str>(); }
CacheWord* cache_at(FrameRecord* f) {
  return reinterpret_cast<CacheWord*>(const_cast<Instr*>(f->pc) + f->code->data->count);
}
}  // namespace

Flow outline_load_attr(Context& cx, FrameRecord* f, Instr i) {
  const Value object = f->regs[i.b];
  const Word w = cache_at(f)->load(std::memory_order_relaxed);
  if (object.is_object() && object.object()->shape_id == cache_shape(w)) {
    if (cache_kind(w) == CacheKind::kProperty) {
      return call_method(cx, f, ic_records[cache_number(w)].value, {object}, i.a, OnReturn::kStore);
    }
    if (cache_kind(w) == CacheKind::kOverflowSlot) {
      auto* o = object.as<Instance>();
      Shape* shape = shape_by_id(cache_shape(w));
      const Value v = load_slot(cx, o, shape, shape->inline_slots + cache_number(w));
      if (stm::read_check(cx, o) && o->shape_id == cache_shape(w) && !v.is_unset()) {
        f->regs[i.a] = v;
        return Flow::kNext;
      }
    }
  }
  return store(f, i.a, load_attr_learn(cx, object, name_at(f, i.c), cache_at(f)));
}

Flow outline_store_attr(Context& cx, FrameRecord* f, Instr i) {
  const Value object = f->regs[i.a], v = f->regs[i.c];
  const Word w = cache_at(f)->load(std::memory_order_relaxed);
  if (object.is_object() && object.object()->shape_id == cache_shape(w)) {
    auto* o = object.as<Instance>();
    if (cache_kind(w) == CacheKind::kProperty) {
      const Value setter = ic_records[cache_number(w)].value;
      return call_method(cx, f, setter, {object, v}, 0, OnReturn::kDrop);
    }
    stm::acquire(cx, o);
    if (o->shape_id == cache_shape(w)) {
      if (cache_kind(w) == CacheKind::kInlineSlot) {
        store_slot(cx, o, shape_of(o), cache_number(w), v);
        return Flow::kNext;
      }
      if (cache_kind(w) == CacheKind::kAddSlot) {
        const Word extra = ic_records[cache_number(w)].extra;
        stm::write_shape(o, static_cast<ShapeId>(extra >> 32));
        store_slot(cx, o, shape_of(o), static_cast<unsigned>(extra & 0xFFFFFFFF), v);
        return Flow::kNext;
      }
    }
  }
  return store_attr_learn(cx, object, name_at(f, i.b), v, cache_at(f)).is_error() ? Flow::kRaise
                                                                                  : Flow::kNext;
}

Flow outline_load_method(Context& cx, FrameRecord* f, Instr i) {
  Value self;
  auto r = load_method_learn(cx, f->regs[i.b], name_at(f, i.c), cache_at(f), &self);
  if (r.is_error()) return Flow::kRaise;
  f->regs[i.a] = r.value();
  f->regs[i.a + 1] = self;
  return Flow::kNext;
}

Flow outline_get_item(Context& cx, FrameRecord* f, Instr i) {
  const Value container = f->regs[i.b], key = f->regs[i.c];
  if (is_exact_dict(container)) {
    auto r = dict_get(cx, container.as<Dict>(), key);
    if (!r.is_error() && !r.value().is_unset()) {
      f->regs[i.a] = r.value();
      return Flow::kNext;
    }
    if (r.is_error()) return Flow::kRaise;
    (void)raise_type_value(cx, kKeyError, key);
    return Flow::kRaise;
  }
  const Value method = lookup_dunder(container, Dunder::kGetItem);
  if (is_function(method))
    return call_method(cx, f, method, {container, key}, i.a, OnReturn::kStore);
  return store(f, i.a, vm::get_item(cx, container, key));
}

Flow outline_set_item(Context& cx, FrameRecord* f, Instr i) {
  const Value container = f->regs[i.a], key = f->regs[i.b], v = f->regs[i.c];
  if (is_exact_dict(container))
    return dict_set(cx, container.as<Dict>(), key, v).is_error() ? Flow::kRaise : Flow::kNext;
  const Value method = lookup_dunder(container, Dunder::kSetItem);
  if (is_function(method))
    return call_method(cx, f, method, {container, key, v}, 0, OnReturn::kDrop);
  return vm::set_item(cx, container, key, v).is_error() ? Flow::kRaise : Flow::kNext;
}

Flow outline_load_global(Context& cx, FrameRecord* f, Instr i) {
  return store(f, i.a, load_global_learn(cx, f, name_at(f, i.b), cache_at(f)));
}

Flow outline_unbound(Context& cx, FrameRecord* f, Instr i) {
  const CodeData* data = f->code->data;
  const unsigned r = i.op == Op::DELETE_LOCAL ? i.a : i.b;
  Str* name = f->code->varnames->items()[r].as<Str>();
  if (r < data->nlocals || (i.op != Op::MOVE_CHECKED && r < data->nlocals + data->ncells)) {
    (void)raise(cx, kUnboundLocalError,
                "cannot access local variable '%s' where it is not associated with a value",
                to_utf8(name).c_str());
  } else {
    (void)raise(cx, kNameError,
                "cannot access free variable '%s' where it is not associated with a value in "
                "enclosing scope",
                to_utf8(name).c_str());
  }
  set_exception_member(cx, cx.exception, "name", name);
  return Flow::kRaise;
}

// --- calls ---------------------------------------------------------------------------------------

namespace {

// The code that a native wants to have run.
Flow run_in_place(Context& cx, uint16_t result) {
  const Value globals = cx.tail_args[0], locals = cx.tail_args[1], function = cx.tail_args[2];
  Value* regs = cx.regs_top;
  regs[0] = regs[1] = Value();
  FrameRecord* g = push_code_frame(cx, cx.tail_callable.as<Code>(), regs + 2, globals.as<Dict>(),
                                   locals, function);
  if (g == nullptr) return Flow::kRaise;
  g->result = result;
  g->on_return = cx.tail_kind == TailKind::kExec ? OnReturn::kDiscard : OnReturn::kStore;
  return Flow::kFrame;
}

// What a native returned: a value for `result`, a tail call, or an error.
Flow finish_native(Context& cx, FrameRecord* f, Result<Value> r, uint16_t result) {
  if (PYSTM_UNLIKELY(r.is_error())) return Flow::kRaise;
  if (PYSTM_UNLIKELY(r.value() == kTailCall)) {
    if (cx.tail_kind == TailKind::kResume) {
      const Value sent = cx.tail_args[0];
      FrameRecord* g =
          resume_frame(cx, cx.tail_callable.as<Generator>(), sent, OnReturn::kStore, result);
      return g == nullptr ? Flow::kRaise : Flow::kFrame;
    }
    if (cx.tail_kind != TailKind::kCall) return run_in_place(cx, result);
    Value* from = cx.regs_top;
    const size_t n = cx.tail_count;
    copy_values(from + 2, cx.tail_args, n);
    from[0] = from[1] = Value();
    cx.regs_top = from + 2 + n;
    Tuple* names = cx.tail_names.is_unset() ? nullptr : cx.tail_names.as<Tuple>();
    const Flow flow = call_value(cx, f, cx.tail_callable, from + 2, n, names, result);
    if (flow != Flow::kFrame) {
      cx.regs_top = f->regs + f->code->data->register_count;
    } else if (cx.frame->code->data->hidden) {
      cx.frame->on_return = OnReturn::kKernel;
      --cx.recursion_depth;
    }
    return flow;
  }
  f->regs[result] = r.value();
  return Flow::kNext;
}

Flow call_python(Context& cx, Function* function, Value* args, size_t n, Tuple* names,
                 uint16_t result) {
  Code* code = stm::Peek<Function>(function)->code;  // NOBARRIER: quasi-immutable
  CodeData* data = code->data;
  unsigned bound = static_cast<unsigned>(n);
  if (names != nullptr || !data->simple_args || data->argcount != n) {
    if (args + std::max<size_t>(data->register_count, n) + kRegisterSlack > cx.regs_limit) {
      (void)raise_recursion(cx, "");
      return Flow::kRaise;
    }
    Value* top = cx.regs_top;
    auto r = bind_arguments(cx, function, code, args, args, n, names);
    cx.regs_top = top;
    if (r.is_error()) return Flow::kRaise;
    bound = data->nlocals;
  }
  FrameRecord* frame =
      push_frame(cx, code, args, function->globals, function->builtins, function, bound);
  if (frame == nullptr) return Flow::kRaise;
  frame->result = result;
  frame->on_return = OnReturn::kStore;
  return Flow::kFrame;
}

// args[-1]: the new exception.
Result<void> make_exception(Context& cx, Type* type, Value* args, size_t n, Tuple* names) {
  args[-1] = type;
  const auto* make = type->dunder(Dunder::kNew).as<Builtin>();
  args[-1] = TRY(call_native(cx, make->def, args - 1, n + 1, names));
  return {};
}

// A class whose instances are made by object.__new__, or BaseException's, and set up by a Python
// __init__.
Flow call_class(Context& cx, FrameRecord* f, Type* type, Value* args, size_t n, Tuple* names,
                uint16_t result, bool* handled) {
  const Value init = type->dunder(Dunder::kInit), make = type->dunder(Dunder::kNew);
  const bool plain = make == types().object->dunder(Dunder::kNew);
  *handled = (plain || make == exception_type(kBaseException)->dunder(Dunder::kNew)) &&
             is_function(init) &&
             type_of(type)->dunder(Dunder::kCall) == types().type->dunder(Dunder::kCall);
  if (!*handled) return Flow::kNext;
  if (plain) {
    auto object = new_instance(cx, type);
    if (object.is_error()) return Flow::kRaise;
    args[-1] = object.value();
  } else if (make_exception(cx, type, args, n, names).is_error()) {
    return Flow::kRaise;
  }
  const Value object = args[-1];
  const Flow flow = call_python(cx, init.as<Function>(), args - 1, n + 1, names, result);
  if (flow == Flow::kFrame) {
    cx.frame->on_return = OnReturn::kInit;
    cx.frame->init_self = object;
  }
  return flow;
}

}  // namespace

Flow call_value(Context& cx, FrameRecord* f, Value callable, Value* args, size_t n, Tuple* names,
                uint16_t result) {
  if (callable.is_object()) {
    Object* o = callable.object();
    switch (shape_of(o)->kind) {
      case Kind::kFunction:
        return call_python(cx, static_cast<Function*>(o), args, n, names, result);
      case Kind::kBuiltin:
      case Kind::kMethodDescriptor:
      case Kind::kWrapperDescriptor:
        return finish_native(cx, f, call_native(cx, static_cast<Builtin*>(o)->def, args, n, names),
                             result);
      case Kind::kBoundBuiltin: {
        auto* b = static_cast<BoundBuiltin*>(o);
        args[-1] = b->self;
        return finish_native(cx, f, call_native(cx, b->def, args - 1, n + 1, names, true), result);
      }
      case Kind::kBoundMethod: {
        auto* m = static_cast<BoundMethod*>(o);
        args[-1] = m->self;
        if (is_function(m->function))
          return call_python(cx, m->function.as<Function>(), args - 1, n + 1, names, result);
        return finish_native(cx, f, call_kw(cx, m->function, args - 1, n + 1, names), result);
      }
      case Kind::kType: {
        bool handled;
        const Flow flow =
            call_class(cx, f, static_cast<Type*>(o), args, n, names, result, &handled);
        if (handled) return flow;
        if (const uint8_t kernels = class_kernels(static_cast<Type*>(o));
            kernels != 0 && n == 1 && names == nullptr)
          if (const KernelChoice choice = choose_kernel(cx, kernels, args, 1);
              choice.row != nullptr)
            return finish_native(cx, f, call_kernel(cx, choice, args), result);
        break;
      }
      case Kind::kInstance: {
        const Value method = type_of(callable)->dunder(Dunder::kCall);
        if (is_function(method)) {
          args[-1] = callable;
          return call_python(cx, method.as<Function>(), args - 1, n + 1, names, result);
        }
        break;
      }
      default:
        break;
    }
  }
  return finish_native(cx, f, call_kw(cx, callable, args, n, names), result);
}

Flow outline_call(Context& cx, FrameRecord* f, Instr i) {
  Value* window = f->regs + i.a;
  if ((i.d & 1) && !window[1].is_unset()) {
    // The register before the first argument must be free for a bound receiver: the callable's own.
    const Value callable = window[0];
    return call_value(cx, f, callable, window + 1, i.c + 1u, nullptr, i.b);
  }
  return call_value(cx, f, window[0], window + 2, i.c, nullptr, i.b);
}

Flow do_CALL_KW(Context& cx, FrameRecord* f, Instr i) {
  Value* window = f->regs + i.a;
  auto* names = window[2 + i.c].as<Tuple>();
  if ((i.d & 1) && !window[1].is_unset())
    return call_value(cx, f, window[0], window + 1, i.c + 1u, names, i.b);
  window[1] = Value();
  return call_value(cx, f, window[0], window + 2, i.c, names, i.b);
}

Flow do_CALL_EX(Context& cx, FrameRecord* f, Instr i) {
  Value* window = f->regs + i.a;
  const Value callable = window[0];
  auto* positional = window[2].as<Tuple>();
  Dict* kwargs = (i.d & 2) ? window[3].as<Dict>() : nullptr;
  const Value self = (i.d & 1) ? window[1] : Value();
  const size_t nkw = kwargs == nullptr ? 0 : static_cast<size_t>(dict_length(cx, kwargs));
  const size_t n = positional->length + nkw;
  // The arguments are spread above this window.
  Value* args = f->regs + f->code->data->register_count + 3;
  if (args + n + kRegisterSlack > cx.regs_limit) {
    (void)raise(cx, kMemoryError, "too many arguments");
    return Flow::kRaise;
  }
  args[-3] = args[-2] = args[-1] = Value();
  for (size_t k = 0; k < positional->length; ++k) args[k] = (*positional)[k];
  for (size_t k = positional->length; k < n; ++k) args[k] = Value();
  cx.regs_top = args + n;
  Tuple* names = nullptr;
  if (nkw > 0) {
    auto t = alloc_tuple(cx, nkw);
    if (t.is_error()) return Flow::kRaise;
    names = t.value();
    Word position = 0;
    Value key, value;
    for (size_t k = 0; k < nkw && dict_next(cx, kwargs, &position, &key, &value); ++k) {
      if (!is_str(key)) {
        (void)raise(cx, kTypeError, "keywords must be strings");
        return Flow::kRaise;
      }
      names->items()[k] = key;
      gc::store_barrier(cx, names, names->items() + k);
      args[positional->length + k] = value;
    }
  }
  size_t count = n;
  if (!self.is_unset()) {
    *--args = self;
    ++count;
  }
  const Flow flow = call_value(cx, f, callable, args, count, names, i.b);
  if (flow != Flow::kFrame) cx.regs_top = f->regs + f->code->data->register_count;
  return flow;
}

// --- returns -------------------------------------------------------------------------------------

namespace {

// Control is back in `f` at its call instruction with the value: what that instruction does with
// it.
Flow resume_caller(Context& cx, FrameRecord* f, OnReturn how, uint16_t result, Value init_self,
                   Value v, bool generator_ended) {
  const Instr i = *f->pc;
  switch (how) {
    case OnReturn::kStore:
    case OnReturn::kKernel:
      f->regs[result] = v;
      ++f->pc;
      return Flow::kJump;
    case OnReturn::kIterator:
      if (lookup_dunder(v, Dunder::kNext).is_unset()) {
        (void)raise(cx, kTypeError, "iter() returned non-iterator of type '%s'", TYPE_NAME(v));
        return Flow::kRaise;
      }
      f->regs[result] = v;
      ++f->pc;
      return Flow::kJump;
    case OnReturn::kFilter: {
      auto wanted = truth(cx, v);
      if (wanted.is_error()) return Flow::kRaise;
      if (wanted.value()) {
        f->regs[result] = init_self;
        ++f->pc;
      }
      return Flow::kJump;  // else FOR_ITER goes on to the item after it
    }
    case OnReturn::kAwait:
    case OnReturn::kAIter:
    case OnReturn::kANext: {
      const auto r = taken_from(cx, how, v);
      if (r.is_error()) return Flow::kRaise;
      f->regs[result] = r.value();
      ++f->pc;
      return Flow::kJump;
    }
    case OnReturn::kDiscard:
      f->regs[result] = kNone;
      ++f->pc;
      return Flow::kJump;
    case OnReturn::kInit:
      if (v != kNone) {
        (void)raise(cx, kTypeError, "__init__() should return None, not '%s'", TYPE_NAME(v));
        return Flow::kRaise;
      }
      f->regs[result] = init_self;
      ++f->pc;
      return Flow::kJump;
    case OnReturn::kOperator: {
      const auto r = v == kNotImplemented ? after_decline(cx, f, i) : Result<Value>(v);
      if (r.is_error()) return Flow::kRaise;
      f->regs[result] = r.value();
      ++f->pc;
      return Flow::kJump;
    }
    case OnReturn::kCondition: {
      const auto r = v == kNotImplemented ? after_decline(cx, f, i) : Result<Value>(v);
      if (r.is_error()) return Flow::kRaise;
      auto t = truth(cx, r.value());
      if (t.is_error()) return Flow::kRaise;
      f->pc += 1 + (t.value() == (i.d == 1) ? i.jump16() : 0);
      return Flow::kJump;
    }
    case OnReturn::kDrop:
      ++f->pc;
      return Flow::kJump;
    case OnReturn::kForIter:
    case OnReturn::kSend:
      if (generator_ended) {
        if (how == OnReturn::kSend) f->regs[i.b] = v;
        f->pc += 1 + i.jump16();
      } else {
        f->regs[i.b] = v;
        ++f->pc;
      }
      return Flow::kJump;
    case OnReturn::kStep: {
      bool over;
      const auto r = end_async_step(cx, f->regs[i.a].as<AsyncGenOp>(), v, generator_ended, &over);
      if (r.is_error()) return Flow::kRaise;
      f->regs[i.b] = r.value();
      f->pc += 1 + (over ? i.jump16() : 0);
      return Flow::kJump;
    }
    case OnReturn::kNative:
      break;
  }
  CHECK(false);
}

Flow leave(Context& cx, Value v, bool generator_ended) {
  FrameRecord* done = cx.frame;
  const OnReturn how = done->on_return;
  const uint16_t result = done->result;
  const Value self = done->init_self;
  pop_frame(cx);
  if (how == OnReturn::kNative) {
    cx.regs_top =
        done->regs;  // the window is dead: its caller may wait, and so collect, before it tidies up
    cx.return_value = v;
    cx.generator_returned = generator_ended;
    return Flow::kExit;
  }
  FrameRecord* f = cx.frame;
  cx.regs_top = f->regs + f->code->data->register_count;
  if (f < cx.watermark) save_outer_frame(cx, f);
  if (generator_ended && how == OnReturn::kStore) {
    (void)raise_stop_iteration(cx, v);
    return Flow::kRaise;
  }
  return resume_caller(cx, f, how, result, self, v, generator_ended);
}

}  // namespace

Flow return_from_frame(Context& cx, Value v) {
  const bool generator = !cx.frame->generator.is_unset();
  if (generator) finish_generator(cx, cx.frame->generator.as<Generator>());
  return leave(cx, v, generator);
}

Flow deliver(Context& cx, FrameRecord* done, Value v) {
  DCHECK(done == cx.frame);
  return leave(cx, v, false);
}

// --- iteration -----------------------------------------------------------------------------------

namespace {

// The function of a map or filter runs as a frame, whose end delivers the item.
Flow step_map(Context& cx, FrameRecord* f, Instr i, Map* map, Value function) {
  auto* iterators = stm::Read<Map>(cx, map)->iterators.as<Tuple>();
  Value* args = cx.regs_top + 2;
  args[-2] = args[-1] = Value();
  size_t n = 0;
  bool ended = false;
  Flow flow = Flow::kNext;
  while (n < iterators->length && !ended && flow == Flow::kNext) {
    cx.regs_top = args + n;
    const auto item = iter_next(cx, (*iterators)[n]);
    if (item.is_error()) flow = Flow::kRaise;
    ended = !item.is_error() && item.value().is_unset();
    args[n++] = item.value();
  }
  if (flow == Flow::kNext && !ended) {
    cx.regs_top = args + n;
    flow = call_python(cx, function.as<Function>(), args, n, nullptr, i.b);
    if (flow == Flow::kFrame) {
      cx.frame->on_return = OnReturn::kForIter;
      return flow;
    }
  }
  cx.regs_top = f->regs + f->code->data->register_count;
  return ended ? jump_to(f, i.jump16()) : flow;
}

Flow step_filter(Context& cx, FrameRecord* f, Instr i, Filter* filter, Value function) {
  const auto item = iter_next(cx, stm::Read<Filter>(cx, filter)->iterators);
  if (item.is_error()) return Flow::kRaise;
  if (item.value().is_unset()) return jump_to(f, i.jump16());
  const Flow flow = call_method(cx, f, function, {item.value()}, i.b, OnReturn::kFilter);
  if (flow == Flow::kFrame) cx.frame->init_self = item.value();
  return flow;
}

}  // namespace

Flow outline_for_iter(Context& cx, FrameRecord* f, Instr i) {
  constexpr size_t kMostIterators = 8;  // of a map, stepped here
  const Value iterator = f->regs[i.a];
  if (has_shape(iterator, kShapeGenerator)) {
    FrameRecord* g = resume_frame(cx, iterator.as<Generator>(), kNone, OnReturn::kForIter, i.b);
    if (g != nullptr) return Flow::kFrame;
    if (cx.exception.is_unset()) return jump_to(f, i.jump16());  // exhausted
    return Flow::kRaise;
  }
  if (has_shape(iterator, kShapeMap)) {
    const stm::Read<Map> map(cx, iterator.as<Map>());
    if (is_function(map->function) && map->iterators.as<Tuple>()->length <= kMostIterators)
      return step_map(cx, f, i, iterator.as<Map>(), map->function);
  } else if (has_shape(iterator, kShapeFilter)) {
    const Value function = stm::Read<Filter>(cx, iterator.as<Filter>())->function;
    if (is_function(function)) return step_filter(cx, f, i, iterator.as<Filter>(), function);
  } else if (may_be_instance(iterator.object()->shape_id)) {
    const Value next = type_of(iterator)->dunder(Dunder::kNext);
    if (is_function(next)) return call_method(cx, f, next, {iterator}, i.b, OnReturn::kForIter);
  }
  auto r = iter_next(cx, iterator);
  if (r.is_error()) return Flow::kRaise;
  if (r.value().is_unset()) return jump_to(f, i.jump16());
  f->regs[i.b] = r.value();
  return Flow::kNext;
}

}  // namespace pystm::vm
