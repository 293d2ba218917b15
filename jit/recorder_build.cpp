// Recording what makes containers, functions and cells, and what takes containers apart.
#include "jit/recorder.h"
#include "jit/residual.h"
#include "vm/object/dict.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/object/type.h"

namespace pystm::jit {

using namespace vm;

// --- tuples --------------------------------------------------------------------------------------

IrRef Recorder::make_tuple(std::span<const IrRef> words) {
  Trace& t = e_.trace();
  if (words.empty()) return t.ref_const(empty_tuple());
  const IrRef tuple = e_.make(kShapeTuple, sizeof(Tuple) + 8 * words.size(), false);
  e_.store(tuple, field::Tuple::length, t.int_const(static_cast<int64_t>(words.size())));
  for (size_t k = 0; k < words.size(); ++k)
    e_.store_item(tuple, t.int_const(static_cast<int64_t>(k)), array::TupleItems, words[k]);
  return tuple;
}

// The tuple of `count` registers from `first` on; kNoRef: too many.
IrRef Recorder::tuple_of_registers(unsigned first, unsigned count) {
  if (count > kMostWords) return kNoRef;
  IrRef words[kMostWords];
  for (unsigned k = 0; k < count; ++k) words[k] = e_.word(static_cast<int>(first + k));
  return make_tuple(std::span(words, count));
}

Flow Recorder::build_tuple(Instr i) {
  const IrRef tuple = tuple_of_registers(i.b, i.c);
  if (tuple == kNoRef) return stop("BUILD_TUPLE of many");
  return set_after(i.a, tuple);
}

Flow Recorder::unpack(Instr i) {
  const V sequence = reg(i.b);
  Trace& t = e_.trace();
  if (const auto* parts = parts_of(sequence);
      parts != nullptr && is_exact_list(sequence.value) && parts->size() == i.c) {
    for (unsigned k = 0; k < i.c; ++k) e_.set_slot(static_cast<int>(i.a + k), (*parts)[k]);
    return Flow::kNext;
  }
  if (is_exact_list(sequence.value)) {
    auto* l = sequence.value.as<List>();
    if (list_length(cx_, l) != i.c) return stop("unpack of a wrong length");
    const IrRef list = guard_object(sequence, kShapeList);
    const IrRef size = e_.load(list, field::List::size);
    const IrRef storage = e_.load(list, field::List::storage);
    e_.read_check(list);
    e_.guard_int(Cond::eq, size, t.int_const(i.c));
    for (unsigned k = 0; k < i.c; ++k)
      e_.set_slot(static_cast<int>(i.a + k),
                  load_list_item(list, size, storage, t.int_const(k), false));
    return Flow::kNext;
  }
  if (!is_exact_tuple(sequence.value)) return stop("unpack of an object");
  if (sequence.value.as<Tuple>()->length != i.c) return stop("unpack of a wrong length");
  const IrRef tuple = guard_object(sequence, kShapeTuple);
  e_.guard_int(Cond::eq, e_.load(tuple, field::Tuple::length), t.int_const(i.c));
  for (unsigned k = 0; k < i.c; ++k)
    e_.set_slot(static_cast<int>(i.a + k), e_.load_item(tuple, t.int_const(k), array::TupleItems));
  return Flow::kNext;
}

// --- other containers ----------------------------------------------------------------------------

// Elements of sets and keys of dicts are hashed and compared.
bool Recorder::guard_keys(unsigned first, unsigned count, unsigned step) {
  for (unsigned k = 0; k < count; ++k)
    if (!guard_key(reg(first + k * step))) return false;
  return true;
}

// A container that a C++ function makes of the registers' tuple.
Flow Recorder::build(Instr i, const CallInfo& made_of) {
  const IrRef tuple = tuple_of_registers(i.b, i.c);
  if (tuple == kNoRef) return stop("container of many");
  return set_after(i.a, e_.call(made_of, {tuple}));
}

Flow Recorder::build_set(Instr i) {
  if (!guard_keys(i.b, i.c, 1)) return stop("element of a class");
  return build(i, kCallBuildSet);
}

Flow Recorder::build_string(Instr i) {
  for (unsigned k = 0; k < i.c; ++k) {
    const V part = reg(i.b + k);
    if (!is_exact_str(part.value)) return stop("f-string of a str subclass");
    guard_type(part);
  }
  return build(i, kCallBuildString);
}

Flow Recorder::build_slice(Instr i) {
  Trace& t = e_.trace();
  IrRef words[3] = {e_.word(i.b), e_.word(i.b + 1),
                    i.c == 3 ? e_.word(i.b + 2) : t.word_const(kNone)};
  const IrRef slice = e_.make(kShapeSlice, sizeof(Slice), false);
  e_.store(slice, field::Slice::start, words[0]);
  e_.store(slice, field::Slice::stop, words[1]);
  e_.store(slice, field::Slice::step, words[2]);
  return set_after(i.a, slice);
}

Flow Recorder::set_update(Instr i) {
  const V from = reg(i.b);
  if (!iterates_in_cpp(from.value)) return stop("set of an object");
  const IrRef s = guard_object(reg(i.a), kShapeSet);
  guard_type(from);
  call_plainly(kCallUpdateSet, {s, e_.box(from.ref)});
  return Flow::kNext;
}

Flow Recorder::set_add(Instr i) {
  const IrRef s = guard_object(reg(i.a), kShapeSet);
  const V item = reg(i.b);
  if (!guard_hashed_key(item)) return stop("element of a class");
  call_plainly(kCallSetAdd, {s, e_.box(item.ref)});
  return Flow::kNext;
}

// Formatting of builtin scalars.
Flow Recorder::format_value(Instr i) {
  const V v = reg(i.b);
  if (!guard_builtin(v)) return stop("format of an object");
  Trace& t = e_.trace();
  IrRef spec = t.word_const(Value());
  if (i.c != kNoRegister) {
    const V given = reg(i.c);
    if (!is_exact_str(given.value)) return stop("format of an object");
    spec = guard_type(given);
  } else if (i.d == 0 && is_flat_str(v.value)) {
    return set_after(i.a, v.ref);
  }
  return set_after(i.a, e_.call(kCallFormat, {t.int_const(i.d), e_.box(v.ref), spec}));
}

// --- functions and cells -------------------------------------------------------------------------

Flow Recorder::make_cell(Instr i) {
  const IrRef content =
      i.b == kNoRegister ? e_.trace().word_const(Value()) : e_.word(static_cast<int>(i.b));
  const IrRef cell = e_.make(kShapeCell, sizeof(Cell), true);
  e_.store(cell, field::Cell::content, content);
  return set_after(i.a, cell);
}

Flow Recorder::copy_free(Instr i) {
  Trace& t = e_.trace();
  const IrRef function =
      e_.depth() == 0 ? e_.check_ref(e_.call(kCallRunningFunction, {})) : e_.frame().function;
  auto* closure = f_->function.as<Function>()->closure.as<Tuple>();
  const auto number = [](unsigned k) { return static_cast<int64_t>(k); };
  if (is_const(function)) {
    for (unsigned k = 0; k < i.c; ++k)
      e_.set_slot(static_cast<int>(i.a + k), constant_ref((*closure)[k]));
    return Flow::kNext;
  }
  const IrRef cells = e_.check_ref(e_.load(function, field::Function::closure));
  e_.guard_shape(cells, kShapeTuple);
  for (unsigned k = 0; k < i.c; ++k)
    e_.set_slot(static_cast<int>(i.a + k),
                e_.load_item(cells, t.int_const(number(k)), array::TupleItems));
  return Flow::kNext;
}

Flow Recorder::make_function(Instr i) {
  Trace& t = e_.trace();
  auto* code = (*f_->code->consts)[i.c].as<Code>();
  Cell* module_cell = dict_cell(cx_, f_->globals, names().__name__);
  if (module_cell == nullptr) return stop("function in a namespace without cells");
  const V module = load_cell({Value(module_cell), t.ref_const(module_cell)});
  if (is_unset(module)) return stop("function of a module without a name");
  const IrRef unset = t.word_const(Value());
  const auto given = [&](unsigned bit, unsigned r) {
    return (i.d & bit) ? e_.word(static_cast<int>(i.b + r)) : unset;
  };
  const IrRef closure = given(8, 3), defaults = given(1, 0), kwdefaults = given(2, 1),
              annotations = given(4, 2);
  const Value doc =
      code->consts->length > 0 && is_str((*code->consts)[0]) ? (*code->consts)[0] : kNone;
  const IrRef f = e_.make(kShapeFunction, sizeof(Function), true);
  e_.store(f, field::Function::globals, t.ref_const(f_->globals.ptr));
  e_.store(f, field::Function::builtins, t.ref_const(f_->builtins.ptr));
  e_.store(f, field::Function::closure, closure);
  e_.store(f, field::Function::code, t.ref_const(code));
  e_.store(f, field::Function::defaults, defaults);
  e_.store(f, field::Function::kwdefaults, kwdefaults);
  e_.store(f, field::Function::annotations, annotations);
  e_.store(f, field::Function::dict, unset);
  e_.store(f, field::Function::name, t.ref_const(code->name.ptr));
  e_.store(f, field::Function::qualname, t.ref_const(code->qualname.ptr));
  e_.store(f, field::Function::module, module.ref);
  e_.store(f, field::Function::doc, constant_ref(doc));
  return set_after(i.a, f);
}

// A name that stands in its cell is bound anew there; see set_cell_of() in vm/object/dict.cpp.
Flow Recorder::store_global(Instr i) {
  if (!is_exact_dict(f_->globals.ptr)) return stop("global of a namespace of its own");
  Str* const name = name_at(i.b);
  Trace& t = e_.trace();
  const IrRef word = e_.word(i.a);
  learn_global_store(cx_, f_, name, cache());
  Cell* cell = cached_global(f_, cache());
  if (cell == nullptr || stm::Read<Cell>(cx_, cell)->content.is_unset() || !thaw_cell(cx_, cell)) {
    e_.call(kCallStoreGlobal, {t.ref_const(f_->globals.ptr), t.ref_const(name), word});
    return Flow::kNext;
  }
  const V place{Value(cell), t.ref_const(cell)};
  if (is_unset(load_cell(place))) return stop("contradiction");
  store_cell(place, {Value(), word});
  return Flow::kNext;
}

// --- everything out of line ----------------------------------------------------------------------

Flow Recorder::outline(Instr i) {
  switch (i.op) {
    case Op::UNPACK:
      return unpack(i);
    case Op::BUILD_TUPLE:
      return build_tuple(i);
    case Op::BUILD_LIST:
      return build_list(i);
    case Op::BUILD_SET:
      return build_set(i);
    case Op::BUILD_MAP:
      return build_map(i);
    case Op::BUILD_STRING:
      return build_string(i);
    case Op::BUILD_SLICE:
      return build_slice(i);
    case Op::LIST_APPEND:
      return list_append(i);
    case Op::LIST_EXTEND:
      return list_extend(i);
    case Op::SET_ADD:
      return set_add(i);
    case Op::SET_UPDATE:
      return set_update(i);
    case Op::DICT_UPDATE:
      return dict_update(i, false);
    case Op::DICT_MERGE:
      return dict_update(i, true);
    case Op::MAP_ADD:
      return map_add(i);
    case Op::LIST_TO_TUPLE:
      return list_to_tuple(i);
    case Op::FORMAT_VALUE:
      return format_value(i);
    case Op::DELETE_ITEM:
      return delete_item(i);
    case Op::GET_ITER:
      return get_iter(i);
    case Op::CALL_KW:
      return call_keywords(i);
    case Op::CALL_EX:
      return call_spread(i);
    case Op::WITH_ENTER:
      return with_enter(i);
    case Op::WITH_EXIT:
      return with_exit(i);
    case Op::RAISE:
      return raise(i);
    case Op::RERAISE:
      return reraise(i);
    case Op::ENTER_HANDLER:
      return enter_handler(i);
    case Op::LEAVE_HANDLER:
      return leave_handler(i);
    case Op::CHECK_EXC_MATCH:
      return match_exception(i);
    case Op::WITH_EXCEPT:
      return with_except(i);
    case Op::RETURN_GENERATOR:
      return make_generator(i);
    case Op::YIELD:
      return yield(i);
    case Op::SEND:
      return send(i);
    case Op::GET_YIELD_FROM_ITER:
      return yield_from_iter(i);
    case Op::GET_AWAITABLE:
      return awaitable(i);
    case Op::ASYNC_GEN_WRAP:
      return wrap_item(i);
    case Op::GET_AITER:
      return call_async(i, Dunder::kAIter, OnReturn::kAIter);
    case Op::GET_ANEXT:
      return call_async(i, Dunder::kANext, OnReturn::kANext);
    case Op::MAKE_CELL:
      return make_cell(i);
    case Op::COPY_FREE:
      return copy_free(i);
    case Op::MAKE_FUNCTION:
      return make_function(i);
    case Op::LOAD_NAME:
      return load_global(i);
    case Op::STORE_NAME:
    case Op::STORE_GLOBAL:
      return store_global(i);
    default:
      return stop(op_name(i.op));
  }
}

}  // namespace pystm::jit
