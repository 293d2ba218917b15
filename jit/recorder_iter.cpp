// Recording iteration: iter(), and the steps of builtin iterators.
#include "jit/recorder.h"
#include "jit/residual.h"
#include "vm/object/list_items.h"
#include "vm/object/sequence.h"
#include "vm/object/type.h"
#include "vm/runtime/native.h"

namespace pystm::jit {

using namespace vm;

namespace {

bool is_one_of(Value v, std::initializer_list<ShapeId> shapes) {
  if (!v.is_object()) return false;
  for (ShapeId s : shapes)
    if (v.object()->shape_id == s) return true;
  return false;
}

// The C++ function that does it for the object, or null.
const Builtin* builtin_for(Value v, Dunder d) {
  const Value method = v.is_object() ? lookup_dunder(v, d) : Value();
  return has_shape(method, kShapeWrapperDescriptor) ? method.as<Builtin>() : nullptr;
}
// Iterators whose step, in C++, runs no Python code, and which are their own iter().
bool steps_natively(Value v) {
  if (has_shape(v, kShapeSetIter)) return true;
  if (!v.is_object() || (type_of(v)->flags & kTypeHeap)) return false;
  const Builtin* next = has_kind(v, Kind::kInstance) ? builtin_for(v, Dunder::kNext) : nullptr;
  return has_kind(v, Kind::kDictIter) ||
         (next != nullptr && next->def->effects <= Effects::kWritesSelf);
}
// There are three classes of this layout, which has no version to check.
bool is_dict_view(Value v) {
  return has_kind(v, Kind::kDictView) && !(type_of(v)->flags & kTypeHeap);
}
// Two classes have this layout.
bool is_str_iterator(Value v) {
  return has_kind(v, Kind::kStrIter) && !(type_of(v)->flags & kTypeHeap);
}
bool is_own_iterator(Value v) {
  return steps_natively(v) || is_str_iterator(v) ||
         is_one_of(v, {kShapeRangeIter, kShapeListIter, kShapeTupleIter, kShapeBytesIter,
                       kShapeEnumerate, kShapeZip, kShapeMap, kShapeFilter, kShapeGenerator});
}
// What C++ makes an iterator of without running Python code.
bool iterates_natively(Value v) {
  return is_exact_str(v) || is_one_of(v, {kShapeDict, kShapeSet, kShapeFrozenSet, kShapeRange});
}

}  // namespace

// --- iter() --------------------------------------------------------------------------------------

IrRef Recorder::make_seq_iter(ShapeId shape, Field sequence, Field index, IrRef of) {
  const IrRef it = e_.make(shape, sizeof(ListIter), true);
  e_.store(it, sequence, of);
  e_.store(it, index, e_.trace().int_const(0));
  return it;
}

IrRef Recorder::iterator_of(V v) {
  if (is_exact_list(v.value))
    return make_seq_iter(kShapeListIter, field::ListIter::sequence, field::ListIter::index,
                         guard_object(v, kShapeList));
  if (is_exact_tuple(v.value))
    return make_seq_iter(kShapeTupleIter, field::TupleIter::sequence, field::TupleIter::index,
                         guard_object(v, kShapeTuple));
  if (is_exact_bytes(v.value))
    return make_seq_iter(kShapeBytesIter, field::BytesIter::sequence, field::BytesIter::index,
                         guard_object(v, kShapeBytes));
  if (is_own_iterator(v.value)) return guard_instance(v, v.value.object()->shape_id);
  if (has_shape(v.value, kShapeRange)) {
    const auto* r = v.value.as<vm::Range>();
    if (r->start.is_int() && r->step.is_int() && r->length.is_int()) {
      const IrRef range = guard_object(v, kShapeRange);
      const IrRef start = e_.load(range, field::Range::start);
      const IrRef step = e_.load(range, field::Range::step);
      const IrRef length = e_.load(range, field::Range::length);
      const IrRef it = e_.make(kShapeRangeIter, sizeof(RangeIter), true);
      e_.store(it, field::RangeIter::next, start);
      e_.store(it, field::RangeIter::step, step);
      e_.store(it, field::RangeIter::remaining, length);
      return it;
    }
  }
  if (is_dict_view(v.value)) {
    const IrRef shape = e_.trace().int_const(v.value.object()->shape_id);
    e_.guard_is(e_.call(kCallHasShape, {e_.box(v.ref), shape}), e_.trace().word_const(kTrue));
    return e_.call(kCallGetIter, {e_.box(v.ref)});
  }
  if (iterates_natively(v.value)) return e_.call(kCallGetIter, {guard_type(v)});
  const Builtin* iter = builtin_for(v.value, Dunder::kIter);
  if (iter == nullptr || iter->def->effects > Effects::kReads) return kNoRef;
  const IrRef of = guard_type(v);
  return call_plainly(native_call(1, true), {e_.trace().ptr_const(iter->def), of});
}

Flow Recorder::get_iter(Instr i) {
  const V v = reg(i.b);
  const Value method = v.value.is_object() ? type_of(v.value)->dunder(Dunder::kIter) : Value();
  if (is_function(method)) {
    const IrRef self = guard_instance(v, v.value.object()->shape_id);
    return enter_method(method, {{v.value, self}}, i.a, OnReturn::kIterator);
  }
  const IrRef it = iterator_of(v);
  if (it == kNoRef) return stop("iter() of an object");
  return set_after(i.a, it);
}

// --- one step ------------------------------------------------------------------------------------

// Stepping one iterator twice: what the first step changes, the second would not see.
bool Recorder::begin_step(Steps& steps, IrRef iterator) {
  for (const IrRef other : steps.iterators) {
    if (other == iterator) return false;
    e_.guard_is_not(iterator, other);
  }
  steps.iterators.push_back(iterator);
  e_.acquire(iterator);
  return true;
}

Recorder::Stepped Recorder::step_range(V iterator, Steps& steps, IrRef* item) {
  const stm::Read<RangeIter> seen(cx_, iterator.value.as<RangeIter>());
  if (!seen->remaining.is_int() || !seen->next.is_int() || !seen->step.is_int())
    return Stepped::kNo;
  Trace& t = e_.trace();
  const IrRef it = guard_object(iterator, kShapeRangeIter);
  if (!begin_step(steps, it)) return Stepped::kNo;
  const IrRef remaining = e_.check_int(e_.load(it, field::RangeIter::remaining));
  const bool more = seen->remaining.as_int() > 0;
  e_.guard_int(Cond::gt, remaining, t.int_const(0), more);
  if (!more) return Stepped::kEnd;
  const IrRef value = e_.check_int(e_.load(it, field::RangeIter::next));
  const IrRef step = e_.check_int(e_.load(it, field::RangeIter::step));
  const IrRef after = e_.emit(Ir::AddOv, value, step);
  const IrRef left = e_.emit(Ir::Sub, remaining, t.int_const(1));
  steps.stores.push_back({it, field::RangeIter::remaining, e_.box(left)});
  steps.stores.push_back({it, field::RangeIter::next, e_.box(after)});
  *item = value;
  return Stepped::kItem;
}

Recorder::Stepped Recorder::step_list(V iterator, Steps& steps, IrRef* item) {
  const stm::Read<ListIter> seen(cx_, iterator.value.as<ListIter>());
  Trace& t = e_.trace();
  const IrRef it = guard_object(iterator, kShapeListIter);
  if (!begin_step(steps, it)) return Stepped::kNo;
  const IrRef sequence = e_.load(it, field::ListIter::sequence);
  const IrRef unset = t.word_const(Value());
  if (seen->sequence.is_unset()) {
    e_.guard_is(sequence, unset);
    return Stepped::kEnd;
  }
  if (!is_exact_list(seen->sequence)) return Stepped::kNo;
  const stm::Read<List> list_seen(cx_, seen->sequence.as<List>());
  const bool more = static_cast<Word>(seen->index) < list_seen->size;
  const IrRef index = e_.load(it, field::ListIter::index);
  const IrRef list = e_.check_ref(sequence);
  e_.guard_shape(list, kShapeList);
  const IrRef size = e_.load(list, field::List::size);
  if (!more) {
    e_.read_check(list);
    e_.guard_int(Cond::uge, index, size);
    steps.stores.push_back({it, field::ListIter::sequence, unset});
    return Stepped::kEnd;
  }
  const IrRef storage = e_.load(list, field::List::storage);
  e_.read_check(list);
  *item = load_list_item(list, size, storage, index, is_chunked(list_seen->storage));
  steps.stores.push_back({it, field::ListIter::index, e_.emit(Ir::Add, index, t.int_const(1))});
  return Stepped::kItem;
}

namespace {
bool has_fixed_length(Value v) { return is_exact_tuple(v) || is_flat_str(v) || is_exact_bytes(v); }
Word fixed_length(Value v) {
  return is_exact_tuple(v)   ? v.as<Tuple>()->length
         : is_exact_bytes(v) ? v.as<Bytes>()->length
                             : v.as<Str>()->length;
}
}  // namespace

// Over what keeps its items and length: *from is what is iterated over, *at the index of the item.
template <class Iter>
Recorder::Stepped Recorder::step_fixed(V iterator, const FixedFields& fields, Steps& steps, V* from,
                                       IrRef* at) {
  const stm::Read<Iter> seen(cx_, iterator.value.as<Iter>());
  Trace& t = e_.trace();
  const IrRef it = guard_object(iterator, iterator.value.object()->shape_id);
  if (!begin_step(steps, it)) return Stepped::kNo;
  const IrRef sequence = e_.load(it, fields.sequence);
  const IrRef unset = t.word_const(Value());
  if (seen->sequence.is_unset()) {
    e_.guard_is(sequence, unset);
    return Stepped::kEnd;
  }
  if (!has_fixed_length(seen->sequence)) return Stepped::kNo;
  *from = {seen->sequence,
           guard_object({seen->sequence, sequence}, seen->sequence.object()->shape_id)};
  *at = e_.load(it, fields.index);
  const IrRef length = e_.load(from->ref, fields.length);
  if (static_cast<Word>(seen->index) >= fixed_length(seen->sequence)) {
    e_.guard_int(Cond::uge, *at, length);
    steps.stores.push_back({it, fields.sequence, unset});
    return Stepped::kEnd;
  }
  e_.guard_index(*at, length);
  steps.stores.push_back({it, fields.index, e_.emit(Ir::Add, *at, t.int_const(1))});
  return Stepped::kItem;
}

Recorder::Stepped Recorder::step_tuple(V iterator, Steps& steps, IrRef* item) {
  using namespace field;
  V from;
  IrRef at;
  const auto stepped = step_fixed<vm::TupleIter>(
      iterator, {TupleIter::sequence, TupleIter::index, Tuple::length}, steps, &from, &at);
  if (stepped == Stepped::kItem) *item = e_.load_item(from.ref, at, array::TupleItems);
  return stepped;
}

Recorder::Stepped Recorder::step_bytes(V iterator, Steps& steps, IrRef* item) {
  using namespace field;
  V from;
  IrRef at;
  const auto stepped = step_fixed<vm::BytesIter>(
      iterator, {BytesIter::sequence, BytesIter::index, Bytes::length}, steps, &from, &at);
  if (stepped == Stepped::kItem) *item = e_.load_item(from.ref, at, array::BytesData);
  return stepped;
}

Recorder::Stepped Recorder::step_str(V iterator, Steps& steps, IrRef* item) {
  using namespace field;
  V from;
  IrRef at;
  const auto stepped = step_fixed<vm::StrIter>(
      iterator, {StrIter::sequence, StrIter::index, Str::length}, steps, &from, &at);
  if (stepped == Stepped::kItem)
    *item = has_shape(from.value, kShapeLatin1Str)
                ? e_.call(kCallCharacter, {e_.load_item(from.ref, at, array::Latin1)})
                : e_.call(kCallGetItem, {from.ref, e_.box(at)});
  return stepped;
}

Recorder::Stepped Recorder::step_enumerate(V iterator, Steps& steps, IrRef* item) {
  const stm::Read<Enumerate> seen(cx_, iterator.value.as<Enumerate>());
  if (!seen->count.is_int()) return Stepped::kNo;
  Trace& t = e_.trace();
  const IrRef it = guard_object(iterator, kShapeEnumerate);
  if (!begin_step(steps, it)) return Stepped::kNo;
  const IrRef inner = e_.load(it, field::Enumerate::iterator);
  const IrRef count = e_.check_int(e_.load(it, field::Enumerate::count));
  const IrRef after = e_.emit(Ir::AddOv, count, t.int_const(1));
  IrRef value = 0;
  const Stepped stepped = step({seen->iterator, inner}, steps, &value);
  if (stepped != Stepped::kItem) return stepped;
  steps.stores.push_back({it, field::Enumerate::count, e_.box(after)});
  *item = make_tuple({e_.box(count), e_.box(value)});
  return Stepped::kItem;
}

Recorder::Stepped Recorder::step_zip(V iterator, Steps& steps, IrRef* item) {
  constexpr size_t kMost = 8;
  const stm::Read<Zip> seen(cx_, iterator.value.as<Zip>());
  auto* inner = seen->iterators.as<Tuple>();
  if (seen->strict != 0 || inner->length == 0 || inner->length > kMost) return Stepped::kNo;
  Trace& t = e_.trace();
  const IrRef it = guard_object(iterator, kShapeZip);
  const IrRef iterators = e_.load(it, field::Zip::iterators);
  const IrRef strict = e_.load(it, field::Zip::strict);
  e_.read_check(it);
  e_.guard_int(Cond::eq, strict, t.int_const(0));
  const IrRef tuple = e_.check_ref(iterators);
  e_.guard_shape(tuple, kShapeTuple);
  e_.guard_int(Cond::eq, e_.load(tuple, field::Tuple::length),
               t.int_const(static_cast<int64_t>(inner->length)));
  std::vector<IrRef> values;
  for (size_t k = 0; k < inner->length; ++k) {
    const IrRef one = e_.load_item(tuple, t.int_const(static_cast<int64_t>(k)), array::TupleItems);
    IrRef value = 0;
    const Stepped stepped = step({(*inner)[k], one}, steps, &value);
    if (stepped != Stepped::kItem) return stepped;
    values.push_back(e_.box(value));
  }
  *item = make_tuple(values);
  return Stepped::kItem;
}

Recorder::Stepped Recorder::step(V iterator, Steps& steps, IrRef* item) {
  if (!iterator.value.is_object()) return Stepped::kNo;
  switch (iterator.value.object()->shape_id) {
    case kShapeRangeIter:
      return step_range(iterator, steps, item);
    case kShapeListIter:
      return step_list(iterator, steps, item);
    case kShapeTupleIter:
      return step_tuple(iterator, steps, item);
    case kShapeBytesIter:
      return step_bytes(iterator, steps, item);
    case kShapeEnumerate:
      return step_enumerate(iterator, steps, item);
    case kShapeZip:
      return step_zip(iterator, steps, item);
    default:
      return is_str_iterator(iterator.value) ? step_str(iterator, steps, item) : Stepped::kNo;
  }
}

// --- FOR_ITER ------------------------------------------------------------------------------------

// A step that a C++ function makes: whether there is an item shows when the interpreter has
// executed it, see settle().
Flow Recorder::native_next(Instr i, V iterator) {
  const IrRef it = guard_instance(iterator, iterator.value.object()->shape_id);
  open_ = {Open::kItem, i, e_.call(kCallIterNext, {it}), f_, pc_index()};
  return Flow::kNext;
}

// The same of enumerate() over such an iterator.
Flow Recorder::enumerate_next(Instr i, V iterator) {
  const stm::Read<Enumerate> seen(cx_, iterator.value.as<Enumerate>());
  if (!seen->count.is_int()) return stop("iterator");
  const IrRef it = guard_object(iterator, kShapeEnumerate);
  e_.acquire(it);
  const V inner{seen->iterator, e_.load(it, field::Enumerate::iterator)};
  const IrRef count = e_.check_int(e_.load(it, field::Enumerate::count));
  const IrRef after = e_.emit(Ir::AddOv, count, e_.trace().int_const(1));
  const Flow flow = native_next(i, inner);
  open_.enumerate = it;
  open_.count = count;
  open_.after = after;
  return flow;
}

// What the loop gets for an item of the open step. The count is one more from then on.
IrRef Recorder::take_item() {
  if (open_.enumerate == kNoRef) return open_.result;
  e_.store(open_.enumerate, field::Enumerate::count, e_.box(open_.after));
  return make_tuple({e_.box(open_.count), open_.result});
}

// What follows the step has a snapshot of its own either way: the iterator has moved.
void Recorder::settle_item(bool ended) {
  const Instr i = open_.instr;
  const IrRef unset = e_.trace().word_const(Value());
  if (!ended) {
    e_.at(static_cast<uint32_t>(static_cast<int64_t>(open_.pc) + 1 + i.jump16()));
    e_.guard_is_not(open_.result, unset);
    e_.set_slot(i.b, take_item());
    return;
  }
  // Where there is an item after all, it has been taken.
  const IrRef before = e_.slot(i.b);
  e_.set_slot(i.b, take_item());
  e_.at(open_.pc + 1);
  e_.guard_is(open_.result, unset);
  if (open_.enumerate != kNoRef)
    e_.store(open_.enumerate, field::Enumerate::count, e_.box(open_.count));
  e_.set_slot(i.b, before);
}

void Recorder::store_steps(const Steps& steps) {
  for (const Steps::Store& s : steps.stores) e_.store(s.object, s.field, s.value);
}

// The step of an iterator is a Python function's call. What was stepped to make its arguments is
// stored behind all guards of the call, which leave to the bytecode's beginning.
Flow Recorder::call_step(Instr i, V function, std::vector<V> arguments, const Steps& steps,
                         OnReturn on_return, IrRef item) {
  enter({.callable = function,
         .arguments = std::move(arguments),
         .window = scratch(2),
         .result = i.b,
         .on_return = on_return,
         .init_self = item});
  store_steps(steps);
  return Flow::kNext;
}

Flow Recorder::map_next(Instr i, V iterator) {
  constexpr size_t kMost = 8;
  const stm::Read<Map> seen(cx_, iterator.value.as<Map>());
  auto* inner = seen->iterators.as<Tuple>();
  if (!is_function(seen->function) || inner->length > kMost) return stop("map of no function");
  Trace& t = e_.trace();
  const IrRef it = guard_object(iterator, kShapeMap);
  const V function{seen->function, e_.load(it, field::Map::function)};
  const IrRef iterators = e_.load(it, field::Map::iterators);
  e_.read_check(it);
  const IrRef tuple = e_.check_ref(iterators);
  e_.guard_shape(tuple, kShapeTuple);
  e_.guard_int(Cond::eq, e_.load(tuple, field::Tuple::length),
               t.int_const(static_cast<int64_t>(inner->length)));
  Steps steps;
  std::vector<V> arguments;
  for (size_t k = 0; k < inner->length; ++k) {
    const IrRef one = e_.load_item(tuple, t.int_const(static_cast<int64_t>(k)), array::TupleItems);
    IrRef item = 0;
    const Stepped stepped = step({(*inner)[k], one}, steps, &item);
    if (stepped == Stepped::kNo) return stop("iterator of a map");
    if (stepped == Stepped::kEnd) {
      store_steps(steps);
      return Flow::kNext;
    }
    arguments.push_back({Value(), item});
  }
  return call_step(i, function, std::move(arguments), steps, OnReturn::kForIter, kNoRef);
}

Flow Recorder::filter_next(Instr i, V iterator) {
  const stm::Read<Filter> seen(cx_, iterator.value.as<Filter>());
  if (!is_function(seen->function)) return stop("filter of no function");
  const IrRef it = guard_object(iterator, kShapeFilter);
  const V function{seen->function, e_.load(it, field::Filter::function)};
  const V inner{seen->iterators, e_.load(it, field::Filter::iterators)};
  e_.read_check(it);
  Steps steps;
  IrRef item = 0;
  const Stepped stepped = step(inner, steps, &item);
  if (stepped == Stepped::kNo) return stop("iterator of a filter");
  if (stepped == Stepped::kEnd) {
    store_steps(steps);
    return Flow::kNext;
  }
  const IrRef word = e_.box(item);
  return call_step(i, function, {{Value(), word}}, steps, OnReturn::kFilter, word);
}

Flow Recorder::for_iter(Instr i, V iterator) {
  if (steps_natively(iterator.value)) return native_next(i, iterator);
  if (has_shape(iterator.value, kShapeEnumerate) &&
      steps_natively(stm::Read<Enumerate>(cx_, iterator.value.as<Enumerate>())->iterator))
    return enumerate_next(i, iterator);
  if (has_shape(iterator.value, kShapeGenerator))
    return resume(iterator, {kNone, e_.trace().word_const(kNone)}, OnReturn::kForIter, i.b);
  if (has_shape(iterator.value, kShapeMap)) return map_next(i, iterator);
  if (has_shape(iterator.value, kShapeFilter)) return filter_next(i, iterator);
  const Value next = type_of(iterator.value)->dunder(Dunder::kNext);
  if (is_function(next)) {
    const IrRef self = guard_instance(iterator, iterator.value.object()->shape_id);
    return enter_method(next, {{iterator.value, self}}, i.b, OnReturn::kForIter);
  }
  Steps steps;
  IrRef item = 0;
  const Stepped stepped = step(iterator, steps, &item);
  if (stepped == Stepped::kNo) return stop("iterator");
  store_steps(steps);
  return stepped == Stepped::kItem ? set_after(i.b, item) : Flow::kNext;
}

}  // namespace pystm::jit
